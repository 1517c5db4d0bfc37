"""Risks taken from a template: what the template says by now, and whether a unit takes it over.

A template is a risk of the library, or a risk of another unit. Each risk taken from one keeps what
the template said when it was last looked at (`Risk.origin_state`); what differs is offered
to it, value by value. What is declined is not offered again until the template changes once more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from prevention_app.catalogue.description import DECLARED, Record
from prevention_app.catalogue.risk_document import ExistingMeasure, PlannedAction, Risk
from prevention_app.catalogue.risk_library import LibraryMeasure, LibraryRisk
from prevention_app.catalogue.values import fold, from_stored, to_stored
from prevention_app.catalogue.vocabulary import ActionState, MeasureStanding
from prevention_app.domain.merging import Stored
from prevention_app.domain.ratings import Hint, read_hint
from prevention_app.errors import Refused
from prevention_app.services import records
from prevention_app.services.methods import DEFAULT
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

ACCEPT, DECLINE = "Reprendre ce qui a changé dans le modèle", "Garder malgré le modèle"
"""Names of the changes made here, as undo and history call them."""
COPIED: Final = ("hazard_family", "situation", "hazard", "harm", "activity", "factor")
"""What a risk has from its template, of either kind."""
_OF_RISKS: Final = ("cmr",)
_HINT: Final = "hint"
MEASURE, PROPOSAL = "measure", "proposal"
"""What the key of a measure in a state begins with; its id follows a slash."""
_CHUNK: Final = 500

State = dict[str, Stored]
"""What a template says, by key: values as the journal stores them, titles of its measures."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of a template that is another one than when it was taken."""

    key: str
    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Update:
    """A risk whose template has changed since."""

    risk: Risk
    unit: str
    template: str
    """What the template is called: the unit type or the unit that it belongs to."""
    differences: Sequence[Difference]


def library_hint(template: LibraryRisk) -> str | None:
    """The indicative figures of a risk of the library as a hint: method code, then figures."""
    figures = {"severity": template.severity, "frequency": template.frequency}
    return str(Hint(DEFAULT, figures)) if any(figures.values()) else None


# -- what templates say ----------------------------------------------------------------------


def states(read: Reader, templates: Iterable[str]) -> dict[str, State]:
    """What these templates say now, by their ids; those that are gone are left out."""
    wanted = list(dict.fromkeys(templates))
    found: dict[str, State] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for each in read.records(Query("library_risk", ids=tuple(chunk), order=("reference",))):
            template = cast("LibraryRisk", each)
            found[each.id] = {**_values(template, COPIED), _HINT: library_hint(template)}
        for each in read.records(Query("risk", ids=tuple(chunk), order=("reference",))):
            found[each.id] = _values(each, (*COPIED, *_OF_RISKS))
        for each in _measures(read, "library_measure", "library_risk", chunk):
            measure = cast("LibraryMeasure", each)
            proposed = measure.standing == MeasureStanding.PROPOSED
            kind = PROPOSAL if proposed else MEASURE
            _tell(found, measure.library_risk, f"{kind}/{measure.id}", measure.title)
        for each in _measures(read, "existing_measure", "risk", chunk):
            kept = cast("ExistingMeasure", each)
            _tell(found, kept.risk, f"{MEASURE}/{kept.id}", kept.title)
    return found


def state_of_risk(risk: Risk, measures: Iterable[ExistingMeasure]) -> str:
    """What a risk says as a template, as `Risk.origin_state` of its copies keeps it."""
    told = {f"{MEASURE}/{each.id}": each.title for each in measures}
    return as_text({**_values(risk, (*COPIED, *_OF_RISKS)), **told})


def _values(record: Record, keys: Sequence[str]) -> State:
    fields = DECLARED[type(record)].by_key
    return {key: to_stored(fields[key], getattr(record, key)) for key in keys}


def _measures(read: Reader, register: str, owner: str, ids: Sequence[str]) -> list[Record]:
    about = (Condition(owner, Op.ANY_OF, ids),)
    return read.records(Query(register, about, order=("reference",)))


def _tell(found: dict[str, State], template: str, key: str, title: str) -> None:
    if template in found:
        found[template][key] = title


def as_text(state: State) -> str:
    """A state as it is kept with a risk: the same state is always the same text."""
    return json.dumps(state, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def state_texts(read: Reader, templates: Iterable[str]) -> dict[str, str]:
    """What these templates say now, as `Risk.origin_state` keeps it."""
    return {key: as_text(state) for key, state in states(read, templates).items()}


def _held(text: str | None) -> State | None:
    """What a risk keeps of its template; None where it keeps nothing to compare with."""
    try:
        kept = json.loads(text) if text else None
    except ValueError:
        return None
    return cast("State", kept) if isinstance(kept, dict) else None


def _differing(held: State | None, now: State | None) -> list[str]:
    """The keys of what differs; a field that an older version did not keep tells nothing."""
    if held is None or now is None:
        return []
    return [
        key
        for key in dict.fromkeys((*now, *held))
        if held.get(key) != now.get(key) and ("/" in key or (key in held and key in now))
    ]


# -- what differs ----------------------------------------------------------------------------


def differences(read: Reader, risk: Risk) -> list[Difference]:
    """What differs in the template of a risk since it was taken or last looked at."""
    if not risk.origin:
        return []
    held, now = _held(risk.origin_state), states(read, [risk.origin]).get(risk.origin)
    return _told(read, held, now)


def _told(read: Reader, held: State | None, now: State | None) -> list[Difference]:
    return [
        Difference(
            key,
            _label(key),
            _shown(read, key, (held or {}).get(key)),
            _shown(read, key, (now or {}).get(key)),
        )
        for key in _differing(held, now)
    ]


def _label(key: str) -> str:
    kind = key.partition("/")[0]
    named = {MEASURE: "Mesure existante", PROPOSAL: "Mesure à proposer"}
    return named.get(kind) or DECLARED[Risk].by_key[key].label_fr


def _shown(read: Reader, key: str, value: Stored) -> str:
    if value is None:
        return ""
    if key == "hazard_family":
        return read.titles("hazard_family", [str(value)]).get(str(value), "")
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    return hint_words(str(value)) if key == _HINT else str(value)


def hint_words(hint: str) -> str:
    """« G 3 × F 2 »: what an indicative rating says, for people."""
    told = read_hint(hint)
    letters = {"severity": "G", "frequency": "F"}
    figures = told.figures.items() if told else ()
    return " × ".join(f"{letters.get(key, key)}\u00a0{each}" for key, each in figures)


def changed(read: Reader, owners: Sequence[str]) -> list[str]:
    """The ids of the risks of these departments whose template has changed."""
    query = Query("risk", (Condition("origin", Op.FILLED),), tuple(owners))
    rows = read.walk(query, ("origin", "origin_state"))
    now = states(read, {str(row[1]) for row in rows})
    texts = {key: as_text(state) for key, state in now.items()}
    return [
        str(risk)
        for risk, origin, text in rows
        if text != texts.get(origin) and _differing(_held(text), now.get(origin))
    ]


def updates(read: Reader, owners: Sequence[str]) -> list[Update]:
    """The risks whose template has changed, with what differs, unit by unit."""
    found = list(_found(read, changed(read, owners)))
    now = states(read, [str(each.origin) for each in found])
    units = read.titles("work_unit", [each.work_unit for each in found])
    names = template_names(read, now)
    return [
        Update(
            each,
            units.get(each.work_unit, ""),
            names.get(str(each.origin), ""),
            _told(read, _held(each.origin_state), now.get(str(each.origin))),
        )
        for each in found
    ]


def _found(read: Reader, ids: Sequence[str]) -> Iterator[Risk]:
    for start in range(0, len(ids), _CHUNK):
        chunk = tuple(ids[start : start + _CHUNK])
        for each in read.records(Query("risk", ids=chunk)):
            yield cast("Risk", each)


def template_names(read: Reader, templates: Iterable[str]) -> dict[str, str]:
    """What templates are called: « Bibliothèque : ATEL », or the name of the unit."""
    wanted = tuple(templates)
    library = read.records(Query("library_risk", ids=wanted))
    shelves = read.titles(
        "library_unit", [cast("LibraryRisk", each).library_unit for each in library]
    )
    risks = read.records(Query("risk", ids=wanted))
    units = read.titles("work_unit", [cast("Risk", each).work_unit for each in risks])
    return {
        **{
            each.id: f"Bibliothèque\u00a0: {shelves.get(getattr(each, 'library_unit', ''), '')}"
            for each in library
        },
        **{each.id: units.get(cast("Risk", each).work_unit, "") for each in risks},
    }


# -- taking it over or not -------------------------------------------------------------------


def accept(store: Store, chosen: Mapping[str, Iterable[str]]) -> Changes:
    """Take over what differs in the templates of risks: id of each risk → keys of what is taken.

    Raises Refused where nothing of that differs any more.
    """
    return _look_at(store, ACCEPT, chosen, take=True)


def decline(store: Store, chosen: Mapping[str, Iterable[str]]) -> Changes:
    """Keep what risks say: these differences are offered again when the template changes again.

    Raises Refused where nothing of that differs any more.
    """
    return _look_at(store, DECLINE, chosen, take=False)


def all_differences(read: Reader, risks: Iterable[str]) -> dict[str, list[str]]:
    """All that differs for these risks, as `accept` and `decline` take it."""
    found = list(_found(read, list(risks)))
    now = states(read, [str(each.origin) for each in found])
    return {
        each.id: _differing(_held(each.origin_state), now.get(str(each.origin))) for each in found
    }


def _look_at(
    store: Store, name: str, chosen: Mapping[str, Iterable[str]], *, take: bool
) -> Changes:
    with store.reading() as read:
        risks = list(_found(read, list(chosen)))
        now = states(read, [str(each.origin) for each in risks])
        own = {each.id: _Own(read, each) for each in risks} if take else {}
        sources = _sources(read, chosen) if take else {}
    with store.change(name) as work:
        for each in risks:
            held, said = _held(each.origin_state), now.get(str(each.origin))
            wanted = set(chosen[each.id])
            keys = [key for key in _differing(held, said) if key in wanted]
            if not keys or held is None or said is None:
                continue
            if take:
                own[each.id].take(work, held, said, keys, sources)
            held |= {key: said[key] for key in keys if key in said}
            for key in keys:
                if key not in said:
                    held.pop(key, None)
            work.amend("risk", each, origin_state=as_text(held))
    if work.done is None:
        raise Refused("Rien ne diffère plus du modèle pour ces risques.")
    return records.written(work)


def _sources(read: Reader, chosen: Mapping[str, Iterable[str]]) -> dict[str, Record]:
    """The measures of templates that may be taken over, by their ids."""
    ids = tuple({key.partition("/")[2] for keys in chosen.values() for key in keys if "/" in key})
    found = (read.records(Query(each, ids=ids)) for each in ("library_measure", "existing_measure"))
    return {each.id: each for part in found for each in part}


class _Own:
    """What a risk has of its own, into which a template's values are written."""

    def __init__(self, read: Reader, risk: Risk) -> None:
        about = (Condition("risk", Op.IS, risk.id),)
        self._risk = risk
        self._held: dict[str, list[Record]] = {
            MEASURE: read.records(Query("existing_measure", about)),
            PROPOSAL: [
                each
                for each in read.records(Query("planned_action", about))
                if cast("PlannedAction", each).state == ActionState.PROPOSED
            ],
        }

    def take(
        self,
        work: Work,
        held: State,
        now: State,
        keys: Sequence[str],
        sources: Mapping[str, Record],
    ) -> None:
        """Write what a template says now for these keys."""
        fields = DECLARED[Risk].by_key
        for key in keys:
            kind, slash, source = key.partition("/")
            if slash:
                self._take_measure(work, kind, held.get(key), now.get(key), sources.get(source))
            else:
                value = from_stored(fields[key], now[key])
                work.write_over("risk", self._risk, {key: value})

    def _take_measure(
        self,
        work: Work,
        kind: str,
        before: Stored,
        now: Stored,
        source: Record | None,
    ) -> None:
        register = "existing_measure" if kind == MEASURE else "planned_action"
        own = self._named(kind, before)
        if now is None:
            if own is not None:
                work.delete(register, own)
        elif own is not None:
            work.amend(register, own, title=str(now))
        elif self._named(kind, now) is None:
            risk = self._risk
            values = {"title": str(now), "measure_type": getattr(source, "measure_type", None)}
            if kind == PROPOSAL:
                values |= {"state": ActionState.PROPOSED, "work_unit": risk.work_unit}
            else:
                values |= {"to_confirm": True}
            work.new(register, owner=risk.owner, risk=risk.id, **values)

    def _named(self, kind: str, title: Stored) -> Record | None:
        wanted = fold(str(title)) if title is not None else None
        return next(
            (each for each in self._held[kind] if fold(str(getattr(each, "title", ""))) == wanted),
            None,
        )
