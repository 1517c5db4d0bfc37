"""What the preview of a report says: its figures with their words, from those of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from prevention_app.domain.indicators import FollowUp, Indicators, share
from prevention_app.exchange.typography import short_direction
from prevention_app.i18n import NARROW, NO_BREAK, number_text
from prevention_app.services.report_preview import WorkbookPreview
from prevention_app.ui import words

UNKNOWN: Final = "–"
UNPUBLISHED: Final = "non publié"
FEW: Final = "<\u00a05"
"""What would tell of fewer than five persons."""
_MOST_BARS: Final = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure of the first page: its words, and the register whose records it counts."""

    label: str
    text: str
    detail: str
    register: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the residual levels: how many risks of each, the least serious first."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


FOLLOWED: Final = {
    "equipment": "Vérifications périodiques",
    "credential": "Habilitations et autorisations",
    "health_safety_entry": "Observations (RSST)",
    "planned_action": "Actions du programme",
    "stock_line": "Produits phytosanitaires en stock",
}


def count_text(number: int | None) -> str:
    """A count, or what stands for one that would tell of few persons."""
    return FEW if number is None else number_text(number)


def percent_text(part: float | None, decimals: int = 0) -> str:
    """A fraction of one as « 62 % »; a dash where there is none."""
    if part is None:
        return UNKNOWN
    return f"{number_text(Decimal(str(part)) * 100, decimals)}{NARROW}%"


def figures_shown(figures: Indicators) -> tuple[Shown, ...]:
    """The eight figures of a department's first page."""
    programme, budget = figures.programme, figures.budget_total
    inspections = figures.inspections_total
    late = inspections.late + inspections.never_done
    unknown = f"{number_text(inspections.unknown)} à renseigner"
    engaged = share(budget.committed, budget.planned)
    return (
        Shown("Effectif", count_text(figures.directions_total.agents), "agents", "work_unit"),
        Shown(
            "Risques immédiats",
            number_text(figures.risks.immediate),
            f"sur {number_text(figures.risks.rated)} cotés",
            "risk",
            bad=figures.risks.immediate > 0,
        ),
        Shown(
            f"Programme {figures.year}",
            percent_text(programme.rate),
            f"réalisé, {number_text(programme.late)} en retard",
            "planned_action",
        ),
        Shown(
            f"Budget {figures.year}",
            percent_text(engaged),
            f"engagé sur {number_text(budget.planned, 0)}{NO_BREAK}€",
            "planned_action",
        ),
        _accidents(figures),
        Shown(
            "RSST, délai dépassé",
            number_text(figures.unanswered),
            "sans réponse",
            "health_safety_entry",
            bad=figures.unanswered > 0,
        ),
        Shown(
            "Vérifications à jour",
            percent_text(inspections.rate, 1),
            unknown if inspections.rate is None else f"{number_text(late)} en retard",
            "equipment",
        ),
        Shown(
            "Certiphyto à 12 mois",
            count_text(figures.certiphyto[2].holders),
            f"sur {count_text(figures.certiphyto[0].holders)} aujourd’hui",
            "credential",
        ),
    )


def _accidents(figures: Indicators) -> Shown:
    last, before = figures.accident_periods[-1], figures.accident_periods[-2]
    if last.frequency_rate is not None:
        text = number_text(Decimal(str(last.frequency_rate)), 1)
        detail = f"TF1, {count_text(last.accidents)} en 12 mois"
        return Shown("Accidents de service", text, detail, "accident")
    earlier = f"en 12 mois, {count_text(before.accidents)} avant"
    return Shown("Accidents de service", count_text(last.accidents), earlier, "accident")


# -- charts -------------------------------------------------------------------------------------


def bars_by_direction(figures: Indicators) -> list[Bar]:
    """The residual levels of each direction that has rated risks; many small ones together."""
    found = [
        Bar(short_direction(each.direction.name), each.residual)
        for each in figures.directions
        if each.rated
    ]
    if len(found) <= _MOST_BARS:
        return found
    ordered = sorted(found, key=lambda bar: -bar.total)
    kept = {id(bar) for bar in ordered[: _MOST_BARS - 1]}
    others = [bar for bar in found if id(bar) not in kept]
    together = tuple(map(sum, zip(*(bar.counts for bar in others), strict=True)))
    return [
        *(bar for bar in found if id(bar) in kept),
        Bar(f"{len(others)} autres", together),
    ]


def bars_by_department(preview: WorkbookPreview) -> list[Bar]:
    """The residual levels of each department that gives figures."""
    return [
        Bar(each.name, each.figures.directions_total.residual)
        for each in preview.departments
        if each.figures is not None and each.figures.risks.rated
    ]


def bars_sentence(bars: Sequence[Bar], figures: Indicators) -> str:
    """What the bars say in one sentence."""
    if not bars:
        return "Aucun risque n’est encore coté."
    worst = figures.risks.levels[-1]
    rated = words.count(figures.risks.rated, "risque coté", "risques cotés")
    level = worst.level.label_fr.lower()
    if not worst.residual:
        return f"{rated}, aucun au niveau {level}."
    most = max(bars, key=lambda bar: bar.counts[-1])
    return (
        f"{rated}, dont {number_text(worst.residual)} au niveau {level}"
        f"{NARROW}; le plus{NO_BREAK}: {most.label} ({number_text(most.counts[-1])})."
    )


def entries_sentence(figures: Indicators) -> str:
    """What the lines of the health and safety register say in one sentence."""
    last = figures.quarters[-1]
    received = words.count(last.received, "observation reçue", "observations reçues")
    closed = words.count(last.closed, "close", "closes")
    ordinal = "1er" if last.label[1] == "1" else f"{last.label[1]}e"
    return f"{received} et {closed} au {ordinal} trimestre {last.label[-4:]}."


# -- the lines below ----------------------------------------------------------------------------


def follow_up_lines(followed: Sequence[FollowUp]) -> list[tuple[FollowUp, str]]:
    """The registers that follow something, with their words."""
    return [(each, FOLLOWED[each.register]) for each in followed if each.followed != 0]


def comparison_lines(preview: WorkbookPreview) -> list[tuple[str, list[str], str]]:
    """The key figures side by side, all together last: words, texts, register."""
    columns = [each.figures for each in preview.departments] + [preview.figures]
    return [
        (
            label,
            [UNPUBLISHED if figures is None else tell(figures) for figures in columns],
            register,
        )
        for label, tell, register in _KEY_LINES
    ]


def _rate_of_titles(figures: Indicators) -> str:
    return percent_text(figures.credentials_total.rate, 1)


def _accident_rate(figures: Indicators) -> str:
    rate = figures.accident_periods[-1].frequency_rate
    return UNKNOWN if rate is None else number_text(Decimal(str(rate)), 1)


def _budget_rate(figures: Indicators) -> str:
    return percent_text(share(figures.budget_total.committed, figures.budget_total.planned))


_KEY_LINES: Final = (
    ("Agents", lambda each: count_text(each.agents), "work_unit"),
    ("Risques cotés", lambda each: number_text(each.risks.rated), "risk"),
    ("Risques immédiats", lambda each: number_text(each.risks.immediate), "risk"),
    ("Programme réalisé", lambda each: percent_text(each.programme.rate), "planned_action"),
    ("Budget engagé", _budget_rate, "planned_action"),
    ("Accidents de service, TF1", _accident_rate, "accident"),
    (
        "Vérifications à jour",
        lambda each: percent_text(each.inspections_total.rate, 1),
        "equipment",
    ),
    ("Titres valides", _rate_of_titles, "credential"),
    (
        "Certiphyto valides dans 12 mois",
        lambda each: count_text(each.certiphyto[2].holders),
        "credential",
    ),
    (
        "Produits à isoler ou isolés",
        lambda each: number_text(each.stock.not_usable + each.stock.set_aside),
        "stock_line",
    ),
)
