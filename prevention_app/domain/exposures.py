"""The occupational factors: what is written as one, their thresholds, the proportion exposed.

The code of R4121-1-1 wants the proportion of those exposed beyond the thresholds; D4163-2 holds
thresholds for six factors. For the four others the old ones (D4161-2, repealed at the end of 2017)
serve as benchmarks of the house, and are called so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from prevention_app.catalogue.exposure_lists import OccupationalFactor
from prevention_app.catalogue.values import fold
from prevention_app.domain.disclosure import Sum, held_back
from prevention_app.domain.suppression import FEWEST_PERSONS


class Status(StrEnum):
    """What a threshold rests on."""

    IN_FORCE = "in_force"
    BENCHMARK = "benchmark"

    @property
    def label_fr(self) -> str:
        """As the annex says it."""
        return "en vigueur" if self is Status.IN_FORCE else "repère interne"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From how much, for how long, an exposure is beyond it."""

    action: str
    intensity: str
    duration: str

    @property
    def text(self) -> str:
        """All of it in one sentence part."""
        return ", ".join(each for each in (self.action, self.intensity, self.duration) if each)


@dataclass(frozen=True, slots=True)
class FactorRule:
    """The thresholds of a factor, with what they rest on."""

    factor: OccupationalFactor
    status: Status
    thresholds: tuple[Threshold, ...]
    source: str
    remark: str = ""

    @property
    def text(self) -> str:
        """The thresholds with their status, as the annex prints them."""
        said = " ; ".join(each.text for each in self.thresholds)
        return f"{said} ({self.status.label_fr})"


_LAW: Final = "Code du travail, D4163-2"
_OLD: Final = "Ancien article D4161-2, abrogé fin 2017"
_F: Final = OccupationalFactor

RULES: Final[Mapping[OccupationalFactor, FactorRule]] = {
    each.factor: each
    for each in (
        FactorRule(
            _F.HANDLING,
            Status.BENCHMARK,
            (
                Threshold("Lever ou porter", "15 kg", "600 h par an"),
                Threshold("Pousser ou tirer", "250 kg", "600 h par an"),
                Threshold(
                    "Se déplacer avec la charge ou la prendre au sol ou au-dessus des épaules",
                    "10 kg",
                    "600 h par an",
                ),
                Threshold("Cumul de manutentions", "7,5 t par jour", "120 jours par an"),
            ),
            _OLD,
        ),
        FactorRule(
            _F.POSTURES,
            Status.BENCHMARK,
            (
                Threshold(
                    "Bras en l’air, accroupi, à genoux, torse en torsion à 30° ou fléchi à 45°",
                    "",
                    "900 h par an",
                ),
            ),
            _OLD,
        ),
        FactorRule(
            _F.VIBRATION,
            Status.BENCHMARK,
            (
                Threshold("Mains et bras", "2,5 m/s² sur 8 h", "450 h par an"),
                Threshold("Corps entier", "0,5 m/s² sur 8 h", "450 h par an"),
            ),
            _OLD,
        ),
        FactorRule(
            _F.CHEMICALS,
            Status.BENCHMARK,
            (Threshold("Agents chimiques dangereux", "", "150 h par an"),),
            _OLD,
        ),
        FactorRule(
            _F.HYPERBARIC,
            Status.IN_FORCE,
            (Threshold("Interventions", "1 200 hPa", "60 par an"),),
            _LAW,
        ),
        FactorRule(
            _F.TEMPERATURE,
            Status.IN_FORCE,
            (Threshold("Température", "5 °C au plus ou 30 °C au moins", "900 h par an"),),
            _LAW,
            "Du fait du procédé : la température extérieure ne compte pas.",
        ),
        FactorRule(
            _F.NOISE,
            Status.IN_FORCE,
            (
                Threshold("Bruit sur 8 h", "81 dB(A)", "600 h par an"),
                Threshold("Bruit de crête", "135 dB(C)", "120 fois par an"),
            ),
            _LAW,
        ),
        FactorRule(
            _F.NIGHT,
            Status.IN_FORCE,
            (Threshold("Une heure au moins entre 0 h et 5 h", "", "100 nuits par an"),),
            _LAW,
        ),
        FactorRule(
            _F.SHIFTS,
            Status.IN_FORCE,
            (
                Threshold(
                    "Équipes alternantes, une heure au moins entre 0 h et 5 h",
                    "",
                    "30 nuits par an",
                ),
            ),
            _LAW,
            "Ces nuits ne comptent pas une seconde fois comme travail de nuit.",
        ),
        FactorRule(
            _F.REPETITIVE,
            Status.IN_FORCE,
            (
                Threshold(
                    "Membre supérieur, 15 actions par cycle de 30 s au plus, sinon 30 actions "
                    "par minute",
                    "",
                    "900 h par an",
                ),
            ),
            _LAW,
        ),
    )
}
"""In the order of the law. Annual means, after the effect of the protections."""

_STEMS: Final[Mapping[OccupationalFactor, str]] = {
    _F.HANDLING: r"manutention|port de charge|charges? lourde|lever|levage manuel",
    _F.POSTURES: r"postur",
    _F.VIBRATION: r"vibration",
    _F.CHEMICALS: r"chimi|\bacd\b|poussiere|fumee|solvant",
    _F.HYPERBARIC: r"hyperbar|plongee",
    _F.TEMPERATURE: r"temperature|thermi|\bfroid|chaleur",
    _F.NOISE: r"\bbruit|sonore",
    _F.SHIFTS: r"alternan|equipes? success|\b[23]x8\b",
    _F.NIGHT: r"\bnuit",
    _F.REPETITIVE: r"repetiti",
}


def factors_in(text: str | None) -> tuple[OccupationalFactor, ...]:
    """The factors that a text names, by code, label or the usual words; it may name several."""
    folded = fold(text or "")
    exact = [each for each in _F if folded in (each.value, fold(each.label_fr))]
    if exact:
        return tuple(exact)
    return tuple(each for each in _F if re.search(_STEMS[each], folded))


@dataclass(frozen=True, slots=True)
class Exposed:
    """The persons of a unit exposed to a factor; None for what is not known."""

    unit: str
    factor: OccupationalFactor
    women: int | None
    men: int | None
    exposed: int | None
    beyond: int | None
    headcount: int | None


def proportion(part: int | None, whole: int | None) -> Decimal | None:
    """The percentage, rounded; None where either is not known or there is nobody.

    Somebody is never nobody: under one percent there is a decimal, 0,1 at least.
    """
    if part is None or not whole:
        return None
    exact = Decimal(100 * part) / whole
    if 0 < exact < 1:
        return max(exact.quantize(Decimal("0.1")), Decimal("0.1"))
    return exact.quantize(Decimal(1))


_Key = tuple[str, str]
_COUNTS: Final = ("women", "men", "exposed", "beyond", "headcount")
WHOLE: Final = ""
"""The « unit » of the line that holds for the whole department."""


def total(lines: Sequence[Exposed], factor: OccupationalFactor, headcount: int | None) -> Exposed:
    """The line of the whole department for a factor; what a unit does not know counts as none."""

    def sum_of(key: str) -> int | None:
        known = [count for each in lines if (count := getattr(each, key)) is not None]
        return sum(known) if known else None

    return Exposed(
        WHOLE,
        factor,
        sum_of("women"),
        sum_of("men"),
        sum_of("exposed"),
        sum_of("beyond"),
        headcount,
    )


def untold(lines: Sequence[Exposed], whole: Exposed, fewest: int = FEWEST_PERSONS) -> set[_Key]:
    """Which counts of one factor (unit, key) must not leave, so that no few are found (P7).

    Women and men make the exposed; those beyond and the others too; the exposed and the others
    make the headcount; the units make the department.
    """
    counts: dict[_Key, int] = {}
    sums: list[Sum[_Key]] = []
    for each in (*lines, whole):
        for key in _COUNTS:
            value = getattr(each, key)
            if value is not None:
                counts[(each.unit, key)] = value
        _split(counts, sums, each.unit, "exposed", ("women", "men"))
        _rest(counts, sums, each.unit, "exposed", "beyond")
        _rest(counts, sums, each.unit, "headcount", "exposed")
    for key in ("women", "men", "exposed", "beyond"):
        parts = [(each.unit, key) for each in lines if (each.unit, key) in counts]
        if parts and (WHOLE, key) in counts:
            sums.append(Sum((WHOLE, key), parts))
    told: Collection[_Key] = {key for key in counts if key[1] in _COUNTS}
    return held_back(counts, told, sums, fewest)


def _split(
    counts: Mapping[_Key, int], sums: list[Sum[_Key]], unit: str, whole: str, parts: Iterable[str]
) -> None:
    """A count that its parts make; where some unit told both alone, they do not."""
    keys = [(unit, each) for each in parts]
    known = (unit, whole) in counts and all(each in counts for each in keys)
    if known and counts[(unit, whole)] == sum(counts[each] for each in keys):
        sums.append(Sum((unit, whole), keys))


def _rest(counts: dict[_Key, int], sums: list[Sum[_Key]], unit: str, whole: str, part: str) -> None:
    """What is left of a count beside its part: nobody writes it, anybody may subtract it."""
    if (unit, whole) in counts and (unit, part) in counts:
        left = counts[(unit, whole)] - counts[(unit, part)]
        if left >= 0:
            counts[(unit, f"{whole} less {part}")] = left
            sums.append(Sum((unit, whole), ((unit, part), (unit, f"{whole} less {part}"))))


@dataclass(frozen=True, slots=True)
class BySex:
    """Women, men and both together; None for what is not known."""

    women: int | None
    men: int | None
    both: int | None


def untold_by_sex(
    unit: BySex, risks: Mapping[str, BySex], fewest: int = FEWEST_PERSONS
) -> set[_Key]:
    """Which counts of a unit (under « ») and of its risks (id, key) must not leave (P7).

    The headcount of each sex is those exposed to a risk and those who are not.
    """
    counts: dict[_Key, int] = {}
    sums: list[Sum[_Key]] = []
    for name, each in ((WHOLE, unit), *risks.items()):
        for key in _BY_SEX:
            value = getattr(each, key)
            if value is not None:
                counts[(name, key)] = value
        _split(counts, sums, name, "both", ("women", "men"))
    told = set(counts)
    for name in risks:
        for key in _BY_SEX:
            whole, part = counts.get((WHOLE, key)), counts.get((name, key))
            if whole is not None and part is not None and part <= whole:
                counts[(name, f"{key} not exposed")] = whole - part
                sums.append(Sum((WHOLE, key), ((name, key), (name, f"{key} not exposed"))))
    return held_back(counts, told, sums, fewest)


_BY_SEX: Final = ("women", "men", "both")
