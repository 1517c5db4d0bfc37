"""The content of a department's document unique, read from its registers as it stands.

The columns follow from the declarations: a field that is added is printed, sealed and compared.
Nobody is named: functions stand for persons, and names in texts are masked (P7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from prevention_app.catalogue.description import Field, Kind, Record, Value
from prevention_app.catalogue.organisation import Department, WorkUnit
from prevention_app.catalogue.risk_document import (
    ExistingMeasure,
    PlannedAction,
    Rating,
    Risk,
)
from prevention_app.catalogue.risk_library import NotApplicable
from prevention_app.catalogue.values import fold, shown
from prevention_app.catalogue.vocabulary import RatingBasis
from prevention_app.domain.document_content import (
    ACTIONS,
    COMMON,
    EMPLOYER,
    IDENTIFIER,
    IN_COMMON,
    LEVELS,
    MEASURES,
    METHODS,
    NOT_HERE,
    OTHERWISE,
    RATINGS,
    RISKS,
    SCALES,
    UNITS,
    Column,
    DocumentContent,
    Row,
    Table,
    confined,
)
from prevention_app.domain.ratings import RatingMethod, assess, figures_of
from prevention_app.domain.suppression import hidden_places, is_small
from prevention_app.errors import NotFound
from prevention_app.exchange.names import NameMask
from prevention_app.exchange.plain_register import impersonal_fields, names_persons
from prevention_app.services.annexes import annexes_of
from prevention_app.services.lookup import Lookup
from prevention_app.services.methods import known
from prevention_app.services.name_masks import name_mask
from prevention_app.services.organisation import OrgPaths, headcount, org_path
from prevention_app.services.ratings import RatedRisk, age, rated_risks
from prevention_app.storage.query import Reader

FEW: Final = Column(
    "few",
    "Effectif masqué",
    Kind.YES_NO,
    "Des nombres de personnes, de moins de 5 ou qui les trahiraient, ne sont pas écrits.",
)
PATH_SEPARATOR: Final = " › "
_LINKS: Final = {"work_unit": "unit_id", "risk": "risk_id", "type_of": "type_id"}
"""Field that names another record → the column of its id, by which tables are joined."""
_NOT_TOLD: Final = frozenset({"origin_state"})
"""What the program keeps for its own working."""
_AS_TEXT: Final = {Kind.REFERENCE: Kind.TEXT, Kind.CHOICE: Kind.TEXT}
_RATED: Final = (
    Column("rated_on", "Coté le", Kind.DATE, "Date de la cotation qui compte ; vide : inconnue."),
    Column("method", "Méthode", Kind.TEXT, "Code de la méthode de cotation."),
    Column("initial", "Risque brut", Kind.DECIMAL, "Valeur comme sans mesure en place."),
    Column("initial_level", "Niveau brut", Kind.TEXT),
    Column("residual", "Risque résiduel", Kind.DECIMAL, "Valeur avec les mesures appliquées."),
    Column("residual_level", "Niveau résiduel", Kind.TEXT),
    Column("level", "Code du niveau résiduel", Kind.TEXT, "Le même dans toutes les méthodes."),
    Column("decision", "Décision", Kind.TEXT),
)
"""What the rating that counts makes of a risk; empty for what is to be evaluated (P6)."""
_ASSESSED: Final = _RATED[2:]
_BASIS: Final = (
    Column("basis", "Cotation établie", Kind.TEXT, "Vue sur place, réputée identique, reprise…"),
    Column("rating_reason", "Motif de la cotation", Kind.TEXT),
)
"""What the rating that counts rests on: what nobody looked at is told with its reason (P6)."""


def content_of(
    read: Reader, department: str, as_at: date, scope: Sequence[str] = ()
) -> DocumentContent:
    """The document unique of a department as it stands now, or that of some units (ids) of it.

    `as_at` is the date it bears. Raises NotFound for a department that is not known.
    """
    maker = _Maker(read, department, as_at)
    tables = [
        maker.employer(),
        maker.units(),
        maker.risks(),
        maker.common_core(),
        maker.ratings(),
        maker.measures(),
        maker.actions(),
        *maker.methods(),
        *annexes_of(read, department, as_at),
    ]
    content = DocumentContent(department, as_at, (), {each.key: each for each in tables})
    return confined(content, scope) if scope else content


def _columns(fields: Iterable[Field], beside: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of a register's table: ids, declared fields, and those beside them."""
    found = {
        IDENTIFIER: Column(IDENTIFIER, "Identifiant", Kind.TEXT, "Ne change jamais."),
        "reference": Column("reference", "N°", Kind.TEXT, "Ce que l’on cite."),
    }
    for each in fields:
        link = _LINKS.get(each.key)
        if link:
            found.setdefault(link, Column(link, f"Identifiant ({each.label_fr})", Kind.TEXT))
    for each in fields:
        kind = _AS_TEXT.get(each.kind, each.kind)
        found[each.key] = Column(each.key, each.label_fr, kind, each.help)
    return (*found.values(), *(each for each in beside if each.key not in found))


class _Maker:
    """Reads once what several tables need."""

    def __init__(self, read: Reader, department: str, as_at: date) -> None:
        self._read = read
        self._department = department
        self._owners = (department,)
        self._as_at = as_at
        self._mask: NameMask = name_mask(read)
        self._paths: OrgPaths = org_path(read)
        self._methods = known(read)
        found = rated_risks(read, self._owners)
        self._risks = Lookup(read, Risk)
        self._units = sorted(self._paths.work_units.live(self._owners), key=self._unit_order)
        places = {each.id: at for at, each in enumerate(self._units)}
        self._rated = sorted(found, key=lambda each: self._risk_order(each, places))
        self._places = {each.risk.id: at for at, each in enumerate(self._rated)}
        self._titles: dict[str, dict[str, str]] = {}

    # -- one table each --------------------------------------------------------------------

    def employer(self) -> Table:
        held = Lookup(self._read, Department).live()
        mine = [each for each in held if each.number == self._department]
        if not mine:
            raise NotFound(f"Aucun département « {self._department} ».")
        return self._table(EMPLOYER, "Employeur", "Qui tient ce document.", Department, mine)

    def units(self) -> Table:
        path = Column("path", "Direction et service", Kind.TEXT, "De la direction au service.")
        return self._table(
            UNITS,
            "Unités de travail",
            "Les agents qui partagent les mêmes expositions (code du travail R4121-1).",
            WorkUnit,
            self._units,
            (path, FEW),
            lambda each: {
                "path": PATH_SEPARATOR.join(self._paths.of(each).path),
                **_people_of_unit(each),
            },
        )

    def risks(self) -> Table:
        by_id = {each.risk.id: each for each in self._rated}
        return self._table(
            RISKS,
            "Inventaire des risques",
            "Les situations dangereuses de chaque unité et ce qu’en dit la cotation qui compte ; "
            "sans cotation, le risque est à évaluer.",
            Risk,
            [each.risk for each in self._rated],
            (*_RATED, *_BASIS, FEW),
            lambda risk: {
                **_rated_values(by_id[risk.id]),
                **self._basis(by_id[risk.id]),
                **_people_of_risk(risk),
            },
        )

    def _basis(self, each: RatedRisk) -> Row:
        rating = each.rating
        if rating is None or each.assessment is None:
            return {}
        basis = RatingBasis(rating.basis).label_fr if rating.basis else None
        return {"basis": basis, "rating_reason": self._mask(rating.reason)}

    def common_core(self) -> Table:
        """What each variant of a unit type makes of the risks held in common (P4)."""
        columns = (
            Column(IDENTIFIER, "Identifiant", Kind.TEXT),
            Column("unit_id", "Identifiant (unité de travail)", Kind.TEXT),
            Column("work_unit", "Unité de travail", Kind.TEXT),
            Column("risk_id", "Identifiant (risque)", Kind.TEXT),
            Column("situation", "Situation dangereuse", Kind.TEXT),
            Column("standing", "Dans cette unité", Kind.TEXT),
            Column("reason", "Motif", Kind.TEXT, "De la particularité de cette unité."),
            *_RATED,
        )
        empty = dict.fromkeys(each.key for each in columns)
        rows = tuple({**empty, **each} for each in self._common_rows())
        told = "Les risques que les variantes d’une unité type ont en commun, et leurs écarts."
        return Table(COMMON, "Tronc commun des unités types", told, columns, rows)

    def _common_rows(self) -> Iterator[Row]:
        by_unit: dict[str, list[RatedRisk]] = {}
        for each in self._rated:
            by_unit.setdefault(self._lead("work_unit", each.risk.work_unit) or "", []).append(each)
        local = self._local_ratings()
        absent = {
            (self._lead("risk", each.risk), self._lead("work_unit", each.work_unit)): each.reason
            for each in Lookup(self._read, NotApplicable).live(self._owners)
        }
        for unit in self._units:
            held = self._paths.work_units.get(unit.type_of)
            if held is None or held.id == unit.id:
                continue
            for each in by_unit.get(held.id, ()):
                at = (each.risk.id, unit.id)
                yield {
                    IDENTIFIER: f"{unit.id}.{each.risk.id}",
                    "unit_id": unit.id,
                    "work_unit": unit.name,
                    "risk_id": each.risk.id,
                    "situation": self._mask(each.risk.situation),
                    **self._standing(each, local.get(at), absent.get(at)),
                }

    def _standing(self, common: RatedRisk, own: Rating | None, absent: str | None) -> Row:
        if absent is not None:
            return {"standing": NOT_HERE, "reason": self._mask(absent)}
        method = self._methods.get(own.method) if own else None
        if own is None or method is None:
            return {"standing": IN_COMMON, **_rated_values(common)}
        here = RatedRisk(common.risk, own, method, assess(method, figures_of(own)))
        return {"standing": OTHERWISE, "reason": self._mask(own.reason), **_rated_values(here)}

    def _local_ratings(self) -> dict[tuple[str | None, str | None], Rating]:
        """The rating that counts of a common risk in one variant alone."""
        found: dict[tuple[str | None, str | None], Rating] = {}
        for each in sorted(self._of_risks(Rating), key=age):
            if each.work_unit:
                key = self._lead("risk", each.risk), self._lead("work_unit", each.work_unit)
                found[key] = each
        return found

    def ratings(self) -> Table:
        def order(rating: Rating) -> tuple[int, str, str]:
            return self._place_of(rating.risk), str(rating.rated_on or ""), rating.id

        return self._table(
            RATINGS,
            "Cotations",
            "Toutes les cotations de chaque risque, de la plus ancienne à la plus récente.",
            Rating,
            sorted(self._of_risks(Rating), key=order),
            _ASSESSED,
            self._assessed,
        )

    def measures(self) -> Table:
        return self._table(
            MEASURES,
            "Mesures existantes",
            "Ce qui protège déjà, selon les neuf principes (code du travail L4121-2).",
            ExistingMeasure,
            sorted(self._of_risks(ExistingMeasure), key=lambda each: self._place_of(each.risk)),
        )

    def actions(self) -> Table:
        held = Lookup(self._read, PlannedAction).live(self._owners)
        last = date.max
        return self._table(
            ACTIONS,
            "Programme annuel de prévention",
            "Les actions de prévention (code du travail L4121-3-1, III).",
            PlannedAction,
            sorted(held, key=lambda each: (each.due or each.revised_due or last, each.id)),
        )

    def methods(self) -> tuple[Table, Table, Table]:
        used = {each.rating.method for each in self._rated if each.rating}
        methods = [self._methods[code] for code in sorted(used) if code in self._methods]
        return _methods_table(methods), _scales_table(methods), _levels_table(methods)

    # -- how ---------------------------------------------------------------------------------

    def _table(
        self,
        key: str,
        title: str,
        explanation: str,
        record_class: type[Record],
        records: Sequence[Any],
        more: tuple[Column, ...] = (),
        beside: Callable[[Any], Row] = lambda _: {},
    ) -> Table:
        declared = self._read.catalogue.of(record_class)
        fields = tuple(each for each in impersonal_fields(declared) if self._may_tell(each))
        self._read_titles(fields, records)
        columns = _columns(fields, more)
        empty = dict.fromkeys(each.key for each in columns)
        rows = tuple({**empty, **self._values(fields, each), **beside(each)} for each in records)
        return Table(key, title, explanation, columns, rows)

    def _may_tell(self, each: Field) -> bool:
        if each.key in _NOT_TOLD:
            return False
        return each.target is None or not names_persons(self._read.catalogue, each.target)

    def _read_titles(self, fields: Iterable[Field], records: Sequence[Record]) -> None:
        for each in fields:
            if each.target and each.target not in self._titles:
                self._titles[each.target] = {}
            if each.target:
                held = self._titles[each.target]
                named = {str(getattr(one, each.key) or "") for one in records} - {"", *held}
                held.update(self._read.titles(each.target, sorted(named)))

    def _values(self, fields: Iterable[Field], record: Record) -> dict[str, Value]:
        values: dict[str, Value] = {IDENTIFIER: record.id, "reference": record.reference}
        for each in fields:
            value = getattr(record, each.key, None)
            if each.target:
                link = _LINKS.get(each.key)
                if link:
                    values.setdefault(link, self._lead(each.target, value))
                value = self._titles[each.target].get(str(value or "")) or None
            elif each.kind is Kind.CHOICE:
                value = shown(each, value) or None
            if isinstance(value, str):
                value = self._mask(value)
            values[each.key] = value
        return values

    def _lead(self, register: str, record_id: str | None) -> str | None:
        """The id under which a record stands, be it joined with another one."""
        found = (self._risks if register == "risk" else self._paths.work_units).get(record_id)
        return found.id if found else None

    def _of_risks(self, record_class: type[Any]) -> list[Any]:
        held = Lookup(self._read, record_class).live(self._owners)
        return [each for each in held if self._place_of(each.risk) >= 0]

    def _place_of(self, risk: str | None) -> int:
        found = self._risks.get(risk)
        return self._places.get(found.id, -1) if found else -1

    def _assessed(self, rating: Rating) -> Row:
        method = self._methods.get(rating.method)
        return _assessed_values(method, rating) if method else {}

    def _unit_order(self, unit: WorkUnit) -> tuple[str, str]:
        return fold(PATH_SEPARATOR.join(self._paths.of(unit).path)), fold(unit.name)

    def _risk_order(self, each: RatedRisk, places: dict[str, int]) -> tuple[Any, ...]:
        unit = self._paths.work_units.get(each.risk.work_unit)
        found = each.assessment
        worst = (0.0, 0.0)
        if found and found.residual is not None:
            worst = (-float(found.residual_level.rank), -float(found.residual))
        return (places.get(unit.id, -1) if unit else -1, not found, *worst, each.risk.id)


def _people_of_unit(unit: WorkUnit) -> Row:
    """How many work there, without what tells of few persons (P7)."""
    women, men, whole = unit.women, unit.men, headcount(unit)
    told = _told_of(whole, women, whole - women if men is None and women is not None else men)
    return {"headcount": None, "women": None, "men": None, **told} if whole else {"few": False}


def _people_of_risk(risk: Risk) -> Row:
    whole, women = risk.exposed, risk.exposed_women
    if whole is None:
        few = is_small(women)
        return {"exposed_women": None if few else women, "few": few}
    men = None if women is None else max(whole - women, 0)
    told = _told_of(whole, women, men)
    return {"exposed": told["headcount"], "exposed_women": told["women"], "few": told["few"]}


def _told_of(whole: int, women: int | None, men: int | None) -> dict[str, Value]:
    if is_small(whole):
        return {"headcount": None, "women": None, "men": None, "few": True}
    hidden = hidden_places([women, men]) if women is not None or men is not None else set[int]()
    return {
        "headcount": whole,
        "women": None if hidden else women,
        "men": None if hidden else men,
        "few": bool(hidden),
    }


def _rated_values(each: RatedRisk) -> Row:
    if each.rating is None or each.method is None or each.assessment is None:
        return {}
    return {
        "rated_on": each.rating.rated_on,
        "method": each.rating.method,
        **_assessed_values(each.method, each.rating),
    }


def _assessed_values(method: RatingMethod, rating: Rating) -> Row:
    found = assess(method, figures_of(rating))
    return {
        "initial": found.initial,
        "initial_level": found.initial_level.label_fr if method.gross else None,
        "residual": found.residual,
        "residual_level": found.residual_level.label_fr,
        "level": found.residual_level.code,
        "decision": found.decision.label_fr if found.decision else None,
    }


def _methods_table(methods: Sequence[RatingMethod]) -> Table:
    columns = (
        Column(IDENTIFIER, "Code", Kind.TEXT),
        Column("name", "Méthode", Kind.TEXT),
        Column("formula", "Calcul", Kind.TEXT),
        Column("source", "Source", Kind.TEXT),
    )
    rows = [
        {IDENTIFIER: each.code, "name": each.name_fr, "formula": each.formula_fr}
        | {"source": each.source}
        for each in methods
    ]
    told = "Celles qui ont servi aux cotations de ce document."
    return Table(METHODS, "Méthodes de cotation", told, columns, tuple(rows))


def _scales_table(methods: Sequence[RatingMethod]) -> Table:
    columns = (
        Column(IDENTIFIER, "Identifiant", Kind.TEXT),
        Column("method", "Méthode", Kind.TEXT),
        Column("criterion", "Critère", Kind.TEXT),
        Column("value", "Valeur", Kind.INTEGER),
        Column("coefficient", "Compte pour", Kind.DECIMAL),
        Column("label", "Libellé", Kind.TEXT),
        Column("meaning", "Sens", Kind.TEXT),
    )
    rows = tuple(
        {
            IDENTIFIER: f"{method.code}.{key}.{step.value}",
            "method": method.code,
            "criterion": scale.label_fr,
            "value": step.value,
            "coefficient": step.coefficient,
            "label": step.label_fr,
            "meaning": step.meaning_fr,
        }
        for method in methods
        for key, scale in method.scales.items()
        for step in scale.steps
    )
    told = "Ce que veut dire chaque valeur d’une cotation."
    return Table(SCALES, "Échelles de cotation", told, columns, rows)


def _levels_table(methods: Sequence[RatingMethod]) -> Table:
    columns = (
        Column(IDENTIFIER, "Identifiant", Kind.TEXT),
        Column("method", "Méthode", Kind.TEXT),
        Column("code", "Code", Kind.TEXT),
        Column("label", "Niveau", Kind.TEXT),
        Column("begins_at", "À partir de", Kind.DECIMAL),
        Column("fill", "Couleur", Kind.TEXT),
        Column("text", "Couleur du texte", Kind.TEXT),
        Column("letter", "Lettre", Kind.TEXT, "Ce qui tient lieu de couleur en noir et blanc."),
    )
    rows = tuple(
        {
            IDENTIFIER: f"{method.code}.{level.code}",
            "method": method.code,
            "code": level.code,
            "label": level.label_fr,
            "begins_at": begins,
            "fill": level.fill,
            "text": level.text,
            "letter": level.letter,
        }
        for method in methods
        for level, begins in zip(method.levels, (None, *method.level_bounds), strict=True)
    )
    told = "Du moins grave au plus grave, avec la valeur où chacun commence."
    return Table(LEVELS, "Niveaux de risque", told, columns, rows)
