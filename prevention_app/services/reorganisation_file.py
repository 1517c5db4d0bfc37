"""A plan in a workbook: its names found among the units, and a plan written with their names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from prevention_app.catalogue.values import fold
from prevention_app.domain.org_units import ORG_UNIT, SITE, WORK_UNIT, is_there
from prevention_app.domain.reorganisation import Act, Operation
from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reorganisation_plan import (
    PlanLine,
    PresentUnit,
    read_plan,
    write_plan,
)
from prevention_app.services.reorganisation import SEPARATOR, Situation, present

KINDS = {ORG_UNIT: "Direction ou service", WORK_UNIT: "Unité de travail", SITE: "Site"}
_NEW = "+"


def mark(name: str) -> str:
    """By what a plan names a unit that it creates."""
    return f"{_NEW}{fold(' '.join(name.split()))}"


def operations_in(held: Situation, path: Path, on: date) -> tuple[Operation, ...]:
    """The operations of a plan; raises UnreadableFile with every cell that names nothing here."""
    lines = read_plan(path)
    names = _Names(held, lines, on)
    found = [names.operation(each) for each in lines]
    if names.problems:
        raise UnreadableFile("\n".join(f"« {path.name} », {each}" for each in names.problems))
    return tuple(found)


class _Names:
    """What the cells of a plan name: a unit of today by reference, name or path; or a new one."""

    def __init__(self, held: Situation, lines: Sequence[PlanLine], on: date) -> None:
        self.problems: list[str] = []
        self._created = {mark(each.name) for each in lines if each.act is Act.CREATE}
        self._references = {text.upper(): key for key, text in held.references.items()}
        self._paths = {
            key: [fold(" ".join(name.split())) for name in held.path(key).split(SEPARATOR)]
            for key, unit in held.units.items()
            if is_there(unit, on)
        }
        self._held = held

    def operation(self, line: PlanLine) -> Operation:
        """A line with ids in the place of names."""
        if line.act is Act.CREATE:
            return Operation(
                line.act,
                mark(line.name),
                to=self._find(line, "to", line.to),
                name=line.name,
                register=line.register,
                site=self._find(line, "site", line.site),
                place=line.place(),
            )
        if not line.unit:
            self.problems.append(f"{line.place('unit')} : l’unité concernée est à remplir.")
        return Operation(
            line.act,
            self._find(line, "unit", line.unit, created=False),
            to=self._find(line, "to", line.to),
            name=line.name,
            place=line.place(),
        )

    def _find(self, line: PlanLine, field: str, text: str, *, created: bool = True) -> str:
        if not text:
            return ""
        if created and mark(text) in self._created:
            return mark(text)
        known = self._references.get(text.upper())
        if known:
            return known
        wanted = [fold(each.strip()) for each in text.replace(">", "›").split("›")]
        found = [key for key, path in self._paths.items() if path[-len(wanted) :] == wanted]
        whole = [key for key in found if len(self._paths[key]) == len(wanted)]
        if len(found) > 1 and len(whole) == 1:
            found = whole
        if len(found) == 1:
            return found[0]
        self.problems.append(f"{line.place(field)} : {self._why(text, found)}")
        return ""

    def _why(self, text: str, found: list[str]) -> str:
        if not found:
            return (
                f"« {text} » n’est le nom d’aucune unité présente"
                f"{self._nearest(text)} ; écrivez-le comme dans la feuille des unités, ou "
                "ajoutez une ligne « Créer »."
            )
        named = " ; ".join(
            f"{self._held.references[key]} ({self._held.path(key)})" for key in found[:4]
        )
        return f"« {text} » désigne {len(found)} unités. Écrivez la référence : {named}."

    def _nearest(self, text: str) -> str:
        from rapidfuzz import process

        names = {key: path[-1] for key, path in self._paths.items()}
        best = process.extractOne(fold(text), names, score_cutoff=75)
        return f" (peut-être « {self._held.units[best[2]].name} »)" if best else ""


def write(held: Situation, operations: Sequence[Operation], out: Path, day: date) -> None:
    """Write a plan, or without operations its model, with the units present on a day."""
    created = {each.unit: each.name for each in operations if each.act is Act.CREATE}

    def named(key: str) -> str:
        if key in created or key not in held.units:
            return created.get(key, "")
        path = held.path(key)
        same = sum(held.path(each) == path for each in held.units)
        return path if same == 1 else held.references[key]

    lines = [
        PlanLine(
            "",
            0,
            each.act,
            each.register,
            unit="" if each.act is Act.CREATE else named(each.unit),
            name=each.name,
            to=named(each.to),
            site=named(each.site),
        )
        for each in operations
    ]
    units = [
        PresentUnit(held.references[each.id], KINDS[each.register], held.path(each.id))
        for each in present(held, day)
    ]
    write_plan(out, lines, units)
