"""What the programme's page asks before it writes: a value for all measures chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from prevention_app.catalogue.description import Entity, Field, Kind, Value
from prevention_app.services import due_deeds, programme_acts, reratings
from prevention_app.services.due_deeds import Target
from prevention_app.services.programme_acts import CarryPlan
from prevention_app.services.reratings import ReratingProposal
from prevention_app.storage.work import Changes
from prevention_app.ui import words
from prevention_app.ui.bulk_deeds import BulkDeeds
from prevention_app.ui.due_panel import DONE_ON, NEW_DATE, PROOF, REASON, Asking, DuePanel
from prevention_app.ui.session import Session

_FREE_REASON: Final = Field("text", "Motif", "Reason", Kind.TEXT)
_REGISTER: Final = "planned_action"
_KNOWN_BY_THEN: Final = ("found", "real_cost")
"""What is known of a measure once it is carried out: the law asks for both."""


class ProgrammeAsks:
    """Asks in the panel of the page, then writes: each is one change, taken back as one."""

    def __init__(self, session: Session, entity: Entity, panel: DuePanel, bulk: BulkDeeds) -> None:
        """Ask in this panel; values for many go through the deeds of the table."""
        self._session = session
        self._entity = entity
        self._panel = panel
        self._bulk = bulk
        self.make_room: Callable[[], object] = lambda: None
        """What the page does before it is asked something."""

    def value(
        self,
        verb: str,
        keys: Sequence[str],
        number: int,
        given: Mapping[str, Value] | None = None,
    ) -> None:
        """Ask for fields of an action, to be written over all that are chosen.

        A field that is left empty is not written, unless it is the only one asked for.
        """
        fields = tuple(self._entity.by_key[key] for key in keys)

        def write(values: dict[str, Value]) -> None:
            filled = {key for key, value in values.items() if value is not None}
            self._bulk.change({key: values[key] for key in filled or values})

        what = words.count(number, "mesure")
        self._show(Asking(f"{verb}\u00a0: {what}", "", fields, dict(given or {}), verb, write))

    def mark_done(self, ids: Sequence[str]) -> None:
        """Ask since when, and what shows it; of a single one what it cost and brought, too."""
        beside = [self._entity.by_key[key] for key in _KNOWN_BY_THEN] if len(ids) == 1 else []
        self._deed(
            "Marquer réalisée",
            ids,
            (DONE_ON, PROOF, *beside),
            {"day": self._session.store.today()},
            lambda targets, values: due_deeds.mark_done(
                self._session.store,
                targets,
                _day(values),
                str(values.get("text") or ""),
                {key: values[key] for key in _KNOWN_BY_THEN if values.get(key) is not None},
            ),
        )

    def postpone(self, ids: Sequence[str]) -> None:
        """Ask to when, and why; the first date stays beside the new one."""
        self._deed(
            "Réviser l’échéance",
            ids,
            (NEW_DATE, REASON),
            {},
            lambda targets, values: due_deeds.postpone(
                self._session.store, targets, _day(values), str(values.get("text") or "")
            ),
            "La date d’origine reste\u00a0: le retard se juge sur elle.",
        )

    def _deed(
        self,
        verb: str,
        ids: Sequence[str],
        fields: Sequence[Field],
        given: dict[str, Value],
        act: Callable[[list[Target], dict[str, Value]], Changes],
        note: str = "",
    ) -> None:
        what = self._named(ids)
        if len(ids) > due_deeds.MOST:
            self._session.say(f"Au plus {due_deeds.MOST} mesures à la fois.", "info")
            return

        def write(values: dict[str, Value]) -> None:
            targets = [Target(_REGISTER, each) for each in ids]
            self._session.tell(act(targets, values))
            self._session.say(f"{verb}\u00a0: {words.count(len(ids), 'mesure')}. Annuler (Ctrl Z)")

        self._ask(f"{verb}\u00a0: {what}", note, fields, given, verb, write)

    def _named(self, ids: Sequence[str]) -> str:
        """The measure that is chosen, or how many are."""
        if len(ids) != 1:
            return words.count(len(ids), "mesure")
        with self._session.store.reading() as read:
            title = read.titles(_REGISTER, ids).get(ids[0], "")
        return f"«\u00a0{' '.join(title.split())}\u00a0»"

    def carry_over(self, plan: CarryPlan, write: Callable[[str], object]) -> None:
        """Show what would be carried over, and ask why; `write` is given the reason."""
        late = sum(each.progress.value == "late" for each in plan.lines)
        note = (
            f"{words.count(len(plan.lines), 'mesure non terminée', 'mesures non terminées')} du "
            f"programme {plan.from_year}, dont {late} en retard. Leur première échéance reste, "
            "leur état aussi."
        )
        if plan.already:
            note += f" {plan.already} y sont déjà."
        first = [f"{each.action.reference}  {each.action.title}" for each in plan.lines[:3]]
        more = len(plan.lines) - len(first)
        first += [f"et {more} autres"] if more else []

        def run(values: dict[str, Value]) -> None:
            write(str(values.get("text") or ""))

        self._show(
            Asking(
                f"Reporter au programme {plan.to_year}",
                words.sentence("\n".join([note, *first])),
                (_FREE_REASON,),
                {},
                f"Reporter {words.count(len(plan.lines), 'mesure')}",
                run,
            )
        )

    def decline(self, proposal: ReratingProposal) -> None:
        """Ask why a risk is not to be rated again."""

        def write(values: dict[str, Value]) -> None:
            done = reratings.decline(
                self._session.store,
                proposal.action.id,
                proposal.risk.id,
                str(values.get("text") or ""),
            )
            self._session.tell(done)
            self._session.say("Recotation écartée. Annuler (Ctrl Z)")

        title = f"Ne pas recoter\u00a0: {' '.join(proposal.risk.situation.split())}"
        self._ask(title, "", (REASON,), {}, "Écarter", write)

    def name_risks(self, reference: str, risk: Field) -> None:
        """Ask for a further risk that an action is meant for."""

        def write(values: dict[str, Value]) -> None:
            wanted = str(values["risk"])
            with self._session.store.reading() as read:
                named = read.get("risk", wanted).reference
            done = programme_acts.name_risks(self._session.store, reference, [named])
            self._session.tell(done)
            self._session.say("Risque rattaché à l’action. Annuler (Ctrl Z)")

        self._ask(f"Rattacher {reference} à un autre risque", "", (risk,), {}, "Rattacher", write)

    def _show(self, asking: Asking) -> None:
        self.make_room()
        self._panel.ask(asking)

    def _ask(
        self,
        title: str,
        note: str,
        fields: Sequence[Field],
        given: dict[str, Value],
        verb: str,
        write: Callable[[dict[str, Value]], None],
    ) -> None:
        def run(values: dict[str, Value]) -> None:
            self._session.in_turn(object(), partial(write, values))

        self._show(Asking(words.sentence(title), note, fields, given, verb, run))


def _day(values: Mapping[str, Value]) -> date:
    day = values["day"]
    assert isinstance(day, date)  # noqa: S101  (the panel asks for it)
    return day
