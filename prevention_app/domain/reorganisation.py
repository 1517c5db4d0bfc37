"""What a plan makes of an organisation on a day: named in full, or why it cannot be done (P4).

Pure functions over plain data: nothing is copied, what hangs on a unit follows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from prevention_app.catalogue.description import Choice
from prevention_app.catalogue.reorganisation import OrgChangeKind
from prevention_app.catalogue.values import fold
from prevention_app.domain.org_units import ORG_UNIT, SITE, WORK_UNIT, Change, Unit, is_there
from prevention_app.domain.trees import path_from_top

KINDS: Final = {ORG_UNIT: "direction ou service", WORK_UNIT: "unité de travail", SITE: "site"}


class Act(Choice):
    """What a plan may ask for."""

    CREATE = "create", "Créer", "Create"
    RENAME = "rename", "Renommer", "Rename"
    MOVE = "move", "Rattacher", "Move"
    MERGE = "merge", "Réunir", "Merge"
    SPLIT = "split", "Scinder", "Split"
    CLOSE = "close", "Fermer", "Close"


ENDS: Final = frozenset({Act.MERGE, Act.SPLIT, Act.CLOSE})
"""Acts after which a unit is no more."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a plan."""

    act: Act
    unit: str
    """Id of the unit; of one to be created, the mark by which the plan names it."""
    to: str = ""
    """Id or mark: what it is moved under, merged into, or one part of what it is split into."""
    name: str = ""
    """The new name, or that of what is created."""
    register: str = ORG_UNIT
    """Of what is created."""
    site: str = ""
    """Of a work unit that is created: where it lies."""
    place: str = ""
    """Where the plan says so, for people: « Feuille Opérations, ligne 7 »."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an operation cannot be done; `at` counts operations from 0."""

    at: int
    sentence: str


@dataclass(slots=True)
class Outcome:
    """What a plan makes of an organisation; nothing of it holds where there are problems."""

    units: dict[str, Unit]
    """All units as they will be; what is created stands under its mark."""
    created: list[str] = field(default_factory=list[str])
    changes: list[Change] = field(default_factory=list[Change])
    problems: list[Problem] = field(default_factory=list[Problem])
    remarks: list[str] = field(default_factory=list[str])


def plan(
    units: Mapping[str, Unit],
    operations: Sequence[Operation],
    on: date,
    latest: Mapping[str, date] | None = None,
) -> Outcome:
    """What operations make of the units of one department, with effect on a day.

    Args:
        units: as they stand, by their id.
        operations: all that happens on that day; their order does not matter.
        on: the first day of the new organisation.
        latest: when units changed last, of those that ever did.
    """
    return _Planner(units, operations, on, latest or {}).outcome()


class _Planner:
    """The units while operations act on them, and what they say against it."""

    def __init__(
        self,
        units: Mapping[str, Unit],
        operations: Sequence[Operation],
        on: date,
        latest: Mapping[str, date],
    ) -> None:
        self.before = units
        self.operations = operations
        self.on = on
        self.latest = latest
        self.made = Outcome(dict(units))
        self.kinds: dict[str, OrgChangeKind] = {}
        self.parts: dict[str, list[str]] = {}
        """Of a unit that ends: what continues it, the one that takes the rest first."""
        self.at: dict[str, int] = {}
        """Unit → the operation that touched it last."""
        self.ending: dict[str, Operation] = {}

    def outcome(self) -> Outcome:
        self._create()
        self._refuse_contradictions()
        if not self.made.problems:
            for at, each in self._of(Act.RENAME):
                self._rename(at, each)
            for at, each in self._of(Act.MOVE):
                self._move(at, each)
            self._continue()
            for at, each in self._of(Act.CLOSE):
                self._close(at, each)
            self._check_rings()
            self._check_names()
        self._record()
        return self.made

    def _of(self, *acts: Act) -> list[tuple[int, Operation]]:
        return [(at, each) for at, each in enumerate(self.operations) if each.act in acts]

    def _problem(self, at: int, sentence: str) -> None:
        self.made.problems.append(Problem(at, sentence))

    def _name(self, key: str) -> str:
        unit = self.before.get(key) or self.made.units.get(key)
        return f"« {unit.name if unit else key} »"

    def _put(self, at: int, key: str, kind: OrgChangeKind, **values: str) -> None:
        """Change a unit; of two kinds, the one further down the list tells more."""
        self.made.units[key] = replace(self.made.units[key], **values)
        held = self.kinds.get(key, kind)
        self.kinds[key] = max(held, kind, key=list(OrgChangeKind).index)
        self.at[key] = at

    # -- what cannot be asked for ------------------------------------------------------------

    def _create(self) -> None:
        for at, each in self._of(Act.CREATE):
            if not each.name.strip():
                self._problem(at, "Le nom de ce qui est à créer est à remplir.")
            if each.unit in self.made.units:
                self._problem(at, f"« {each.name} » est créé deux fois.")
            self.made.units[each.unit] = Unit(
                each.unit,
                each.register,
                " ".join(each.name.split()),
                above="" if each.register == SITE else each.to,
                site=each.to if each.register == SITE else each.site,
                since=self.on,
            )
            self.made.created.append(each.unit)
            self.at[each.unit] = at
        for at, each in self._of(Act.CREATE):
            self._refuse_target(at, each.to, SITE if each.register == SITE else ORG_UNIT)
            self._refuse_target(at, each.site, SITE)

    def _refuse_target(self, at: int, key: str, register: str = "") -> None:
        if not key:
            return
        target = self.made.units.get(key)
        if target is None:
            self._problem(at, f"« {key} » n’existe pas.")
        elif register and target.register != register:
            self._problem(
                at, f"{self._name(key)} n’est pas du bon genre : {KINDS[register]} attendu."
            )
        elif target.until is not None and target.until < self.on:
            self._problem(at, f"{self._name(key)} n’existe plus depuis le {_day(target.until)}.")
        elif target.since is not None and target.since > self.on:
            self._problem(at, f"{self._name(key)} n’existe qu’à partir du {_day(target.since)}.")

    def _refuse_contradictions(self) -> None:
        said: dict[tuple[str, str], int] = {}
        for at, each in enumerate(self.operations):
            if each.act is Act.CREATE:
                continue
            unit = self.before.get(each.unit)
            if unit is None:
                self._problem(at, f"« {each.unit} » n’existe pas.")
                continue
            if not self._is_there(at, unit):
                continue
            aspect = self._aspect(each)
            if each.act is not Act.SPLIT and (each.unit, aspect) in said:
                self._problem(at, f"{self._name(each.unit)} : une autre ligne en décide déjà.")
            said[each.unit, aspect] = at
            self._refuse_words(at, each, unit)
            if each.act in ENDS:
                self._end(at, each, unit)
        for at, each in enumerate(self.operations):
            if each.act not in ENDS and each.unit in self.ending:
                self._problem(at, f"{self._name(each.unit)} disparaît par une autre ligne du plan.")
            if each.to in self.ending:
                self._problem(at, f"{self._name(each.to)} disparaît : rien ne peut y aller.")

    def _is_there(self, at: int, unit: Unit) -> bool:
        later = self.latest.get(unit.id)
        if unit.until is not None and unit.until < self.on:
            self._problem(at, f"« {unit.name} » n’existe plus depuis le {_day(unit.until)}.")
        elif unit.since is not None and unit.since > self.on:
            self._problem(at, f"« {unit.name} » n’existe qu’à partir du {_day(unit.since)}.")
        elif later is not None and later > self.on:
            self._problem(
                at,
                f"« {unit.name} » a déjà changé le {_day(later)} : un changement d’avant cette "
                "date ne peut plus être enregistré.",
            )
        else:
            return True
        return False

    def _aspect(self, each: Operation) -> str:
        """What of a unit an operation decides; two may not decide the same."""
        if each.act is not Act.MOVE:
            return "end" if each.act in ENDS else str(each.act)
        target = self.made.units.get(each.to)
        return "site" if target and target.register == SITE else "above"

    def _refuse_words(self, at: int, each: Operation, unit: Unit) -> None:
        if each.act is Act.RENAME and not each.name.strip():
            self._problem(at, f"Le nouveau nom de « {unit.name} » est à remplir.")
        elif each.act is Act.RENAME and each.name.split() == unit.name.split():
            self._problem(at, f"« {unit.name} » porte déjà ce nom.")
        elif each.act in (Act.MERGE, Act.SPLIT):
            self._refuse_continuation(at, each, unit)
        elif each.act is Act.MOVE:
            self._refuse_move(at, each, unit)

    def _refuse_continuation(self, at: int, each: Operation, unit: Unit) -> None:
        if unit.register != ORG_UNIT:
            self._problem(
                at,
                f"« {unit.name} » ({KINDS[unit.register]}) : seuls les directions et services se "
                "réunissent ou se scindent.",
            )
        elif not each.to:
            self._problem(at, f"Ce qui prend la suite de « {unit.name} » est à nommer.")
        elif each.to == each.unit:
            self._problem(at, f"« {unit.name} » ne peut pas prendre sa propre suite.")
        else:
            self._refuse_target(at, each.to, ORG_UNIT)

    def _refuse_move(self, at: int, each: Operation, unit: Unit) -> None:
        self._refuse_target(at, each.to)
        target = self.made.units.get(each.to)
        if target is None:
            if unit.register == WORK_UNIT and not each.to:
                self._problem(at, f"Ce à quoi « {unit.name} » est rattaché est à nommer.")
        elif target.register == WORK_UNIT:
            self._problem(at, f"Rien ne se rattache à une unité de travail (« {target.name} »).")
        elif unit.register == ORG_UNIT and target.register != ORG_UNIT:
            self._problem(at, f"« {unit.name} » ne se rattache qu’à une direction ou un service.")

    def _end(self, at: int, each: Operation, unit: Unit) -> None:
        if unit.since == self.on:
            self._problem(
                at, f"« {unit.name} » commence le {_day(self.on)} : ce jour est trop tôt."
            )
        held = self.ending.setdefault(each.unit, each)
        if held.act is not each.act:
            return
        self.at[unit.id] = at
        if each.act in (Act.MERGE, Act.SPLIT):
            self.parts.setdefault(unit.id, []).append(each.to)

    # -- doing -------------------------------------------------------------------------------

    def _rename(self, at: int, each: Operation) -> None:
        self._put(at, each.unit, OrgChangeKind.RENAME, name=" ".join(each.name.split()))

    def _move(self, at: int, each: Operation) -> None:
        unit, target = self.made.units[each.unit], self.made.units.get(each.to)
        if unit.register == SITE and target is not None and target.register == ORG_UNIT:
            self._move_all_on(at, unit, each.to)
        elif unit.register == SITE or (target is not None and target.register == SITE):
            self._put(at, unit.id, OrgChangeKind.MOVE, site=each.to)
        else:
            self._put(at, unit.id, OrgChangeKind.MOVE, above=each.to)

    def _move_all_on(self, at: int, site: Unit, to: str) -> None:
        """A site goes to an org unit by the work units that lie on it or on a part of it."""
        around = {key: each.site for key, each in self.before.items() if each.register == SITE}
        there = [
            each
            for each in self.before.values()
            if each.register == WORK_UNIT
            and self._lives(each)
            and each.site in around
            and site.id in path_from_top(around, each.site)
        ]
        if not there:
            self._problem(at, f"Aucune unité de travail ne se trouve à « {site.name} ».")
        for each in there:
            self._put(at, each.id, OrgChangeKind.MOVE, above=to)

    def _lives(self, unit: Unit) -> bool:
        return is_there(unit, self.on)

    def _continue(self) -> None:
        """What is merged or split ends, and what hung on it goes to what continues it."""
        for key, parts in self.parts.items():
            at, act = self.at[key], self.ending[key].act
            if act is Act.SPLIT and len(set(parts)) < 2:
                self._problem(at, f"{self._name(key)} : une scission nomme au moins deux parties.")
            first, old = parts[0], self.made.units[key]
            self._hand_over(at, key, first)
            kind = OrgChangeKind.MERGE if act is Act.MERGE else OrgChangeKind.SPLIT
            self._put(at, key, kind, above=first)
            self.made.units[key] = replace(
                self.made.units[key], name=old.name, until=self.on - timedelta(days=1)
            )

    def _hand_over(self, at: int, old: str, new: str) -> None:
        remaining = [
            each
            for each in self.made.units.values()
            if each.above == old and each.id not in self.ending and self._lives(each)
        ]
        moved = 0
        for each in remaining:
            if each.id == new:
                # It takes the place of what it continues.
                above = self.made.units[old].above
                if each.id in self.made.created:
                    self.made.units[new] = replace(each, above=above)
                else:
                    self._put(at, new, OrgChangeKind.MOVE, above=above)
            else:
                self._put(at, each.id, OrgChangeKind.MOVE, above=new)
                moved += 1
        if moved and self.ending[old].act is Act.SPLIT:
            self.made.remarks.append(
                f"{self._name(old)} : {moved} unités et services que le plan ne place pas vont à "
                f"{self._name(new)}."
            )

    def _close(self, at: int, each: Operation) -> None:
        left = [
            unit
            for unit in self.made.units.values()
            if each.unit in (unit.above, unit.site)
            and self._lives(unit)
            and unit.id not in self.ending
        ]
        if left:
            named = ", ".join(sorted(unit.name for unit in left)[:3])
            more = f" et {len(left) - 3} autres" if len(left) > 3 else ""
            self._problem(
                at,
                f"{self._name(each.unit)} ne peut pas fermer : y restent {named}{more}. "
                f"Rattachez-les ailleurs, ou réunissez {self._name(each.unit)} à une autre.",
            )
        self._put(at, each.unit, OrgChangeKind.CLOSE)
        self.made.units[each.unit] = replace(
            self.made.units[each.unit], until=self.on - timedelta(days=1)
        )

    # -- checking ----------------------------------------------------------------------------

    def _check_rings(self) -> None:
        above = {
            each.id: each.site if each.register == SITE else each.above
            for each in self.made.units.values()
            if each.register != WORK_UNIT
        }
        for key in self.at:
            seen, following = {key}, above.get(key, "")
            while following and following not in seen:
                seen.add(following)
                following = above.get(following, "")
            if following == key:
                self._problem(self.at[key], f"{self._name(key)} dépendrait de ce qui en dépend.")

    def _check_names(self) -> None:
        """Two of one name side by side are not told apart: refused where the plan asks for it."""
        asked = {each.unit for each in self.operations}
        taken = {
            _identity(each): each.id
            for each in self.made.units.values()
            if self._lives(each) and each.id not in self.at
        }
        for key, at in self.at.items():
            unit = self.made.units[key]
            if not self._lives(unit) or taken.setdefault(_identity(unit), key) == key:
                continue
            where = f" dans {self._name(unit.above)}" if unit.above else ""
            if key in asked:
                self._problem(at, f"« {unit.name} » existe déjà{where}.")
            else:
                self.made.remarks.append(
                    f"Il y aura deux « {unit.name} »{where} : renommez-en une par le plan."
                )

    def _record(self) -> None:
        for key, kind in self.kinds.items():
            before = self.before[key]
            for successor in dict.fromkeys(self.parts.get(key, [""])):
                self.made.changes.append(Change(self.on, kind, before, successor))


def _identity(unit: Unit) -> tuple[str, str, str, str]:
    site = unit.site if unit.register == WORK_UNIT else ""
    return unit.register, fold(unit.name), unit.above, site


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
