"""The first page: key figures as formulas on the sheets behind it, and what there is to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prevention_app.domain.indicators import Indicators
from prevention_app.exchange.consolidated_comparison import Department
from prevention_app.exchange.consolidated_directions import late_name
from prevention_app.exchange.indicator_cells import short_family
from prevention_app.exchange.typography import short_direction
from prevention_app.exchange.workbook_model import (
    Card,
    CoverSheet,
    Figure,
    Formula,
    Look,
    Point,
    Tone,
)

Values = Mapping[str, str | float]
"""What the named cells of the other sheets hold."""

TITLE = "Classeur consolidé de prévention"
NAME = "Couverture"
_MOST_IN_STRIP = 12
_LONGEST_IN_STRIP = 36
_IN_TIME = 0.95
"""Inspections not overdue: a mark of the service, not of the law."""


class _Known:
    """The named cells, as the cover refers to them."""

    def __init__(self, values: Values) -> None:
        self.values = values

    def figure(
        self, name: str, look: Look = Look.INTEGER, before: str = "", after: str = ""
    ) -> Figure:
        """A named cell with words around it."""
        return Figure(Formula(f"={name}", self.values[name]), look, before, after)

    def number(self, name: str) -> float | None:
        """What a named cell holds, if it is a number."""
        value = self.values[name]
        return None if isinstance(value, str) else value


def cover_sheet(
    figures: Indicators, values: Values, contents: str, subtitle: str, readers: str
) -> CoverSheet:
    """The first page of a department: eight figures, and at most five things to decide."""
    known = _Known(values)
    return CoverSheet(
        name=NAME,
        title=TITLE,
        subtitle=subtitle,
        readers=readers,
        contents=contents,
        section="Synthèse",
        pages="1 page",
        cards=(
            _staff(known),
            _immediate(known),
            _programme(known, figures),
            _budget(known, figures.year),
            _accidents(known),
            _answers(known),
            _inspections(known),
            _certiphyto(known),
        ),
        points_title="Points d’attention et décisions attendues",
        points=tuple(_points(known, figures)),
        no_points="Rien n’appelle de décision d’après les registres.",
        strip_title=f"Actions du programme {figures.year} en retard, par direction",
        strip=tuple(_late_by_direction(known, figures)),
        note=(
            "Barre bleu-vert : sans alerte ; ocre : à surveiller ; bordeaux : décision attendue. "
            "Le mot est toujours écrit à côté de la couleur. Chaque chiffre mène à une feuille "
            "de ce classeur."
        ),
    )


def _staff(known: _Known) -> Card:
    return Card(
        "Effectif",
        known.figure("k_effectif"),
        ("agents dans les unités de travail", "Feuille « Par direction »"),
    )


def _immediate(known: _Known) -> Card:
    some = bool(known.number("k_immediats"))
    return Card(
        "Risques à traiter immédiatement",
        known.figure("k_immediats"),
        (
            known.figure("k_cotes", before="sur ", after=" risques cotés"),
            known.figure("k_a_evaluer", before="et ", after=" à évaluer ou à coter"),
        ),
        Tone.DECIDE if some else Tone.PLAIN,
    )


def _programme(known: _Known, figures: Indicators) -> Card:
    late = bool(known.number("k_actions_retard"))
    return Card(
        f"Programme {figures.year} réalisé",
        known.figure("k_realisation", Look.PERCENT),
        (
            known.figure("k_terminees", after=" actions terminées"),
            known.figure("k_actions_retard", after=" en retard"),
        ),
        Tone.WATCH if late else Tone.PLAIN,
    )


def _budget(known: _Known, year: int) -> Card:
    return Card(
        f"Budget {year} engagé",
        known.figure("k_part_engagee", Look.PERCENT),
        (
            known.figure("k_engage", Look.MONEY, after=" engagés"),
            known.figure("k_prevu", Look.MONEY, before="sur ", after=" prévus"),
        ),
    )


def _accidents(known: _Known) -> Card:
    if known.number("k_tf1") is not None:
        now, before = known.number("k_tf1"), known.number("k_tf1_avant")
        return Card(
            "Accidents de service, TF1",
            known.figure("k_tf1", Look.DECIMAL),
            (
                known.figure("k_accidents", after=" accidents sur douze mois"),
                known.figure(
                    "k_tf1_avant", Look.DECIMAL, before="Un an avant : ", after=_trend(now, before)
                ),
            ),
            Tone.WATCH if before is not None and (now or 0) > before else Tone.PLAIN,
        )
    now, before = known.number("k_accidents"), known.number("k_accidents_avant")
    return Card(
        "Accidents de service, douze mois",
        known.figure("k_accidents"),
        (
            known.figure("k_avec_arret", before="dont avec arrêt : "),
            known.figure("k_accidents_avant", before="Un an avant : ", after=_trend(now, before)),
        ),
        Tone.WATCH if now is not None and before is not None and now > before else Tone.PLAIN,
    )


def _trend(now: float | None, before: float | None) -> str:
    if now is None or before is None:
        return ""
    if now == before:
        return "  = stable"
    return "  ▲ en hausse" if now > before else "  ▼ en baisse"


def _answers(known: _Known) -> Card:
    late = bool(known.number("k_rsst_retard"))
    return Card(
        "RSST sans réponse, délai dépassé",
        known.figure("k_rsst_retard"),
        (
            "observations en attente d’une réponse",
            "▲ à traiter" if late else "Aucune en retard",
        ),
        Tone.DECIDE if late else Tone.PLAIN,
    )


def _inspections(known: _Known) -> Card:
    rate = known.number("k_non_echu")
    under = rate is not None and rate < _IN_TIME
    words = "Repère interne : 95 %" + ("  ▼ non atteint" if under else "")
    return Card(
        "Vérifications non échues",
        known.figure("k_non_echu", Look.TENTHS),
        (
            known.figure("k_verif_retard", after=" en retard"),
            words if rate is not None else known.figure("k_verif_inconnues", after=" à renseigner"),
        ),
        Tone.WATCH if under else Tone.PLAIN,
    )


def _certiphyto(known: _Known) -> Card:
    now, ahead = known.number("k_certiphyto_0"), known.number("k_certiphyto_12")
    fewer = now is not None and ahead is not None and ahead < now
    return Card(
        "Certiphyto valides dans 12 mois",
        known.figure("k_certiphyto_12"),
        (
            known.figure("k_certiphyto_0", before="titulaires, aujourd’hui : "),
            "▼ des renouvellements à prévoir" if fewer else "sans renouvellement",
        ),
        Tone.WATCH if fewer else Tone.PLAIN,
    )


def _points(known: _Known, figures: Indicators) -> list[Point]:
    """What the registers say that needs a decision; a rule without a case is left out."""
    rules = (
        (
            "k_immediats",
            "risques restent à traiter immédiatement après maîtrise" + _worst_families(figures),
            "Arbitrer les moyens des actions immédiates qui ne sont pas engagées.",
            "DUERP",
        ),
        (
            "k_actions_retard",
            f"actions du programme {figures.year} sont en retard sur leur échéance d’origine.",
            "Demander à chaque direction concernée une date et un responsable.",
            "Actions",
        ),
        (
            "k_verif_retard",
            "équipements ou lots n’ont pas été vérifiés à temps.",
            "Mobiliser le marché de contrôle ; arrêter ce qui ne peut pas attendre.",
            "Vérifications",
        ),
        (
            "k_rsst_retard",
            "observations du registre attendent une réponse au-delà du délai.",
            "Demander une réponse écrite aux chefs de service concernés.",
            "RSST",
        ),
        (
            "k_titres_expires",
            "titres sont expirés.",
            "Retirer les autorisations concernées ; ouvrir des sessions de recyclage.",
            "Habilitations",
        ),
        (
            "k_ppnu_a_isoler",
            "produits en stock ne sont plus utilisables et ne sont pas isolés.",
            "Isoler les produits et organiser une collecte.",
            "Produits phyto",
        ),
    )
    found = [
        Point(Formula(f"={name}", known.values[name]), finding, decision, sheet)
        for name, finding, decision, sheet in rules
        if known.number(name)
    ]
    return found[:5]


def _worst_families(figures: Indicators) -> str:
    worst = [short_family(each.family) for each in figures.families if each.immediate][:2]
    if not worst:
        return "."
    return " ; en tête : " + " et ".join(worst) + "."


def _late_by_direction(known: _Known, figures: Indicators) -> list[Figure]:
    """Directions with late actions, in the order of the sheet that lists them."""
    found = [
        known.figure(late_name(place), after=f"   {_fitting(each.direction.name)}")
        for place, each in enumerate(figures.directions)
        if each.late
    ]
    return found[:_MOST_IN_STRIP]


def _fitting(name: str) -> str:
    name = short_direction(name)
    return name if len(name) <= _LONGEST_IN_STRIP else name[: _LONGEST_IN_STRIP - 1] + "…"


# -- several departments ------------------------------------------------------------------------

_KEY_LINES = (
    ("Agents", "c_agents", Look.INTEGER),
    ("Risques cotés à traiter immédiatement", "c_immediats", Look.INTEGER),
    ("Programme de l’année réalisé", "t_terminees", Look.PERCENT),
    ("Budget de l’année engagé", "t_engage", Look.PERCENT),
    ("Accidents de service, TF1", "t_avec_arret", Look.DECIMAL),
    ("Vérifications non échues", "t_non_echues", Look.TENTHS),
    ("Titres valides", "t_titres", Look.TENTHS),
    ("Certiphyto valides dans 12 mois", "c_certiphyto", Look.INTEGER),
    ("PPNU à isoler ou isolés", "c_ppnu", Look.INTEGER),
)


def joint_cover_sheet(
    departments: Sequence[Department], values: Values, contents: str, subtitle: str, readers: str
) -> CoverSheet:
    """The first page of several departments: side by side, without a ranking (P11)."""
    known = _Known(values)
    numbers = [*(each.number for each in departments), "ensemble"]
    return CoverSheet(
        name=NAME,
        title=TITLE,
        subtitle=subtitle,
        readers=readers,
        contents=contents,
        section="Synthèse",
        pages="1 page",
        heads=(
            "Chiffres clés",
            *(f"{each.name} ({each.number})" for each in departments),
            "Ensemble",
        ),
        figures=tuple(
            (text, *(known.figure(f"{name}_{number}", look) for number in numbers))
            for text, name, look in _KEY_LINES
        ),
        points_title="Ce qui peut se traiter ensemble",
        points=tuple(_joint_points(known)),
        no_points="Rien de commun ne ressort des registres.",
        note=(
            "Les départements ne sont pas classés : leurs organisations et leurs compétences "
            "diffèrent. Définitions et dénominateurs : feuille « Comparaison »."
        ),
    )


def _joint_points(known: _Known) -> list[Point]:
    """Needs of several employers that one act can meet; figures of all together."""
    rules = (
        (
            "k_titres_a_renouveler",
            "titres sont à renouveler dans les mois qui viennent.",
            "Ouvrir des sessions communes.",
            "Habilitations",
        ),
        (
            "k_verif_a_planifier",
            "équipements ou lots sont à vérifier prochainement.",
            "Examiner un marché ou des tournées de contrôle communs.",
            "Vérifications",
        ),
        (
            "k_ppnu",
            "produits isolés attendent une collecte.",
            "Organiser une collecte commune.",
            "Produits phyto",
        ),
    )
    return [
        Point(Formula(f"={name}", known.values[name]), finding, decision, sheet)
        for name, finding, decision, sheet in rules
        if known.number(name)
    ]
