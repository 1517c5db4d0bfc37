"""How the cells of a document unique are read: states and due dates of actions, headcounts."""

from __future__ import annotations

import re
from decimal import Decimal

from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers
from prevention_app.exchange.french_dates import ImpossibleDate, read_date
from prevention_app.exchange.french_numbers import read_number, read_yes_no
from prevention_app.exchange.import_kinds import CellRead, ColumnFacts, Parsed
from prevention_app.exchange.kinds.hazard_families import family_code

_STATES = {
    "a faire": "to_do", "a realiser": "to_do", "a lancer": "to_do", "a planifier": "to_do",
    "planifie": "to_do", "prevu": "to_do", "a venir": "to_do", "non fait": "to_do",
    "non realise": "to_do", "non commence": "to_do", "non demarre": "to_do",
    "pas commence": "to_do", "programme": "to_do", "a programmer": "to_do", "to do": "to_do",
    "ouvert": "to_do", "en cours": "in_progress", "commence": "in_progress",
    "demarre": "in_progress", "engage": "in_progress", "lance": "in_progress",
    "partiel": "in_progress", "partiellement realise": "in_progress", "encours": "in_progress",
    "in progress": "in_progress", "en cours de realisation": "in_progress",
    "en attente": "in_progress", "fait": "done", "faite": "done", "realise": "done",
    "realisee": "done", "termine": "done", "terminee": "done", "solde": "done", "soldee": "done",
    "clos": "done", "cloture": "done", "acheve": "done", "effectue": "done", "ok": "done",
    "done": "done", "mis en place": "done", "reporte": "postponed", "reportee": "postponed",
    "differe": "postponed", "repousse": "postponed", "suspendu": "postponed",
    "abandonne": "abandoned", "abandonnee": "abandoned", "annule": "abandoned",
    "sans suite": "abandoned", "supprime": "abandoned", "refuse": "abandoned",
    "en continu": "ongoing", "continu": "ongoing", "permanent": "ongoing", "recurrent": "ongoing",
    "au fil de l'eau": "ongoing", "en permanence": "ongoing", "propose": "proposed",
    "proposee": "proposed", "a etudier": "proposed", "a valider": "proposed",
    "efficacite verifiee": "verified", "verifie": "verified", "verifiee": "verified",
}  # fmt: skip
_DONE = re.compile(
    r"(?:fait|faite|realisee?|terminee?|soldee?|effectuee?|ok)s?(?:\s+(?:le|en|depuis)\b\s*(.*))?"
)
_ONGOING = re.compile(r"(?:en )?(?:continu|permanent|permanence)\w*|recurrente?|au fil de l'eau")

_MEASURE_TYPES = {
    "suppression": "removal", "suppression du risque": "removal", "substitution": "substitution",
    "a la source": "at_source", "action a la source": "at_source", "source": "at_source",
    "technique": "at_source", "protection collective": "collective", "collective": "collective",
    "epc": "collective", "organisation": "organisation", "organisationnelle": "organisation",
    "organisation du travail": "organisation", "epi": "personal", "individuelle": "personal",
    "protection individuelle": "personal", "protection individuelle (epi)": "personal",
    "formation": "training", "formation et instructions": "training", "humaine": "training",
    "information": "training", "instruction": "training",
}  # fmt: skip


def state(cell: CellRead) -> Parsed:
    """The state of an action: a word, yes or no, or how much of it is done."""
    if cell.value is None or cell.text in {"-", "–", "—"}:
        return Parsed()
    share = _share_done(cell)
    if share is not None:
        state = "done" if share >= 100 else "in_progress" if share > 0 else "to_do"
        return Parsed(state, {"progress": share})
    code = cell_parsers.code_of(cell.text, _STATES)
    if code:
        return Parsed(code)
    said_when = due(cell).extras
    if "due_says" in said_when:
        return Parsed(said_when["due_says"], {k: v for k, v in said_when.items() if k == "done_on"})
    said = read_yes_no(cell.value)
    if said is not None:
        return Parsed("done" if said else "to_do")
    return Parsed(remark=cell.text)


def _share_done(cell: CellRead) -> Decimal | None:
    value = cell.value
    if isinstance(value, str):
        figure = read_number(value.rstrip(" %")) if value.rstrip().endswith("%") else None
        return figure if figure is not None and figure <= 100 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    figure = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if figure <= 1 and max(cell.facts.numbers, default=0) <= 1:
        figure *= 100
    if figure > 100:
        return None
    return Decimal(int(figure)) if figure == int(figure) else figure


def due(cell: CellRead) -> Parsed:
    """When an action is due; « fait le… » and « en continu » say its state instead."""
    if isinstance(cell.value, str):
        said = " ".join(fold(cell.value).split()).strip(" .")
        if done := _DONE.fullmatch(said):
            return Parsed(extras={"_text": cell.text, "due_says": "done"} | _done_on(done[1]))
        if _ONGOING.fullmatch(said):
            return Parsed(extras={"_text": cell.text, "due_says": "ongoing"})
    return cell_parsers.about_when(cell)


def _done_on(said: str | None) -> dict[str, object]:
    try:
        found = read_date(said) if said else None
    except ImpossibleDate:
        return {}
    return {"done_on": found.day} if found and found.precision == "day" else {}


def measure_type(cell: CellRead) -> Parsed:
    """What an action does, by the nine principles; another word is a remark."""
    code = cell_parsers.code_of(cell.text, _MEASURE_TYPES)
    return Parsed(code, remark="" if code or cell.value is None else cell.text)


_BY_SEX = re.compile(r"(\d+)\s*(f|h)\w*\b")


def headcount(cell: CellRead) -> Parsed:
    """How many agents: « 17 agents (1 F / 16 H) » also says how many women and men."""
    parsed = cell_parsers.count(cell)
    by_sex = {sex: int(many) for many, sex in _BY_SEX.findall(fold(cell.text))}
    if parsed.value is None or set(by_sex) != {"f", "h"}:
        return parsed
    return Parsed(parsed.value, {"women": by_sex["f"], "men": by_sex["h"]})


def family_look(facts: ColumnFacts) -> float:
    """Whether a column holds names of hazard families."""
    texts = facts.texts[:60]
    if not texts:
        return -1.0 if facts.values else 0.0
    share = sum(family_code(text) is not None for text in texts) / len(texts)
    return 1.0 if share >= 0.6 else -0.5 if share == 0 else 0.0


def state_look(facts: ColumnFacts) -> float:
    """Whether a column holds states of actions."""
    texts = facts.texts[:60]
    if not texts:
        return 0.0
    known = [
        cell_parsers.code_of(text, _STATES) is not None or read_yes_no(text) is not None
        for text in texts
    ]
    share = sum(known) / len(texts)
    return 1.0 if share >= 0.8 else -1.0 if share == 0 and len(texts) > 3 else 0.0
