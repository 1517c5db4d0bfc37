"""The rows of the consolidated workbook's register sheets, read from the registers.

One row a record, its values by the keys of the columns that show them. Who it is about is not
among them, and free text comes without the names of persons (P7).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.equipment import Equipment
from prevention_app.catalogue.health_safety import Accident
from prevention_app.catalogue.organisation import Department
from prevention_app.catalogue.risk_document import (
    ExistingMeasure,
    HazardFamily,
    PlannedAction,
    ProgrammeCarry,
    Risk,
)
from prevention_app.catalogue.stores import StockLine, StoreRoom
from prevention_app.catalogue.values import shown
from prevention_app.catalogue.vocabulary import CredentialState, StockState
from prevention_app.domain.due import Due, DueState
from prevention_app.domain.due_rules import renewal_window
from prevention_app.domain.figures import COVERAGE_MONTHS, certiphyto_role
from prevention_app.domain.indicators import UNSPECIFIED
from prevention_app.domain.periods import add_months, twelve_months
from prevention_app.domain.programme import action_progress, programme_year, quarters_of
from prevention_app.domain.ratings import RatingMethod, figures_of
from prevention_app.domain.suppression import hidden_places, is_small
from prevention_app.exchange import consolidated_columns as words
from prevention_app.exchange.indicator_cells import FEW, NO_DATE, period_name
from prevention_app.exchange.names import NameMask
from prevention_app.exchange.plain_register import names_persons
from prevention_app.exchange.workbook_model import Plain
from prevention_app.services import due_sources, overview
from prevention_app.services.due_sources import (
    ActionDue,
    CredentialDue,
    EquipmentDue,
    Owners,
    StockDue,
)
from prevention_app.services.indicators import (
    is_kept_too_long,
)
from prevention_app.services.lookup import Lookup
from prevention_app.services.methods import method
from prevention_app.services.organisation import OrgPaths, org_path
from prevention_app.services.programme import further_risks
from prevention_app.services.ratings import RatedRisk, rated_risks
from prevention_app.services.risk_notes import rating_notes
from prevention_app.services.workbook_places import PlaceNames, few_grouped
from prevention_app.storage.query import Condition, Op, Reader

Row = dict[str, Plain]

_PERIODS = 5
_EARLIER = "Plus ancien"
_WAITING = (DueState.LATE, DueState.NEVER_DONE, DueState.TO_PLAN, DueState.UNKNOWN)
_LEVELS: Final = {each.code: each.label_fr for each in (method().unrated, *method().levels)}
"""One word for a level, whatever the method: the sheets count by it."""


class WorkbookRows:
    """The registers of some departments as rows, read once."""

    def __init__(
        self,
        read: Reader,
        today: date,
        owners: Owners,
        mask: NameMask,
        organised_on: date | None = None,
    ) -> None:
        """Read what several sheets need: places, risks, families."""
        self._read = read
        self._today = today
        self._owners = owners
        self._mask = mask
        self._organised_on = organised_on
        self.paths: OrgPaths = org_path(read, organised_on)
        self.places = PlaceNames(self.paths, Lookup(read, Department).live())
        self._families = Lookup(read, HazardFamily)
        self._risks = Lookup(read, Risk)
        self._rated = rated_risks(read, owners)
        self._assessed = {each.risk.id: each for each in self._rated}

    def all(self) -> dict[str, list[Row]]:
        """The rows of every sheet, by the key of its plan."""
        actions = self.actions()
        credentials = self.credentials()
        return {
            "risks": self.risks(),
            "programme": self.programme(self._today.year),
            "actions": actions,
            "entries": self.entries(),
            "accidents": self.accidents(),
            "inspections": self.inspections(),
            "credentials": credentials,
            "certiphyto": [each for each in credentials if each["role"]],
            "stock": self.stock(),
            "due": self.due(credentials),
        }

    def _row(self, record: Record, **values: Plain) -> Row:
        return {
            "reference": record.reference,
            "id": record.id,
            "department": self.places.department(record.owner),
            **values,
        }

    def _label(self, record: Record, key: str) -> str | None:
        """The words of a choice or of a yes or no."""
        each = self._read.catalogue.of(type(record)).by_key[key]
        return shown(each, getattr(record, key)) or None

    def _days(self, day: date | None) -> int | None:
        return (day - self._today).days if day else None

    # -- document unique ----------------------------------------------------------------------

    def risks(self) -> list[Row]:
        """Every risk, rated or not, the worst of each unit first."""
        found = [self._risk(each) for each in self._rated]
        return sorted(found, key=_risk_order)

    def _risk(self, each: RatedRisk) -> Row:
        risk = each.risk
        unit = self.paths.work_units.get(risk.work_unit)
        exposed, women = _exposed(risk)
        return self._row(
            risk,
            direction=self.places.of(risk),
            work_unit=unit.name if unit else None,
            hazard_family=self._family(risk),
            situation=self._mask(risk.situation),
            harm=self._mask(risk.harm),
            exposed=exposed,
            exposed_women=women,
            measures=" ; ".join(self._measures.get(risk.id, [])) or None,
            notes=self._notes(each),
            actions=self._action_counts[risk.id],
            cmr=words.YES if risk.cmr else words.NO,
            factor=risk.factor,
            source=self._mask(risk.source),
            **self._rating(each),
        )

    @property
    def methods(self) -> tuple[RatingMethod, ...]:
        """The methods of the ratings that are shown, by their code."""
        found = {
            each.method.code: each.method for each in self._rated if each.assessment and each.method
        }
        return tuple(found[code] for code in sorted(found))

    def _family(self, risk: Risk | None) -> str:
        family = self._families.get(risk.hazard_family) if risk else None
        return family.name if family else UNSPECIFIED

    def _rating(self, each: RatedRisk) -> Row:
        rating, assessment = each.rating, each.assessment
        if rating is None or assessment is None:
            return {
                "initial_level": words.NOT_EVALUATED,
                "residual_level": words.NOT_EVALUATED,
            }
        control = each.method.scales.get("control") if each.method else None
        step = control.step(rating.control) if control else None
        return {
            "method": rating.method,
            **figures_of(rating),
            "control": step.coefficient if step else None,
            "initial": assessment.initial,
            "initial_level": _LEVELS[assessment.initial_level.code],
            "residual": assessment.residual,
            "residual_level": _LEVELS[assessment.residual_level.code],
            "decision": assessment.decision.label_fr if assessment.decision else None,
            "rated_on": rating.rated_on,
        }

    def _notes(self, each: RatedRisk) -> str | None:
        """What is to be known beside the value of a rating."""
        told = rating_notes(each, self._kinds.get(each.risk.id, set()))
        return self._mask(" ; ".join(told)) or None

    @cached_property
    def _kinds(self) -> dict[str, set[str | None]]:
        """The kinds of the measures of each risk."""
        found: defaultdict[str, set[str | None]] = defaultdict(set)
        for each in Lookup(self._read, ExistingMeasure).live():
            risk = self._risks.get(each.risk)
            if risk is not None:
                found[risk.id].add(each.measure_type)
        return found

    @cached_property
    def _measures(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for each in Lookup(self._read, ExistingMeasure).live():
            risk = self._risks.get(each.risk)
            if risk is not None:
                found[risk.id].append(self._mask(each.title) or "")
        return found

    @cached_property
    def _actions(self) -> list[ActionDue]:
        return due_sources.actions_due(self._read, self._today, self._owners)

    @cached_property
    def _action_counts(self) -> Counter[str]:
        about = (self._risks.get(each.action.risk) for each in self._actions)
        return Counter(risk.id for risk in about if risk is not None)

    def actions(self) -> list[Row]:
        """Every action, the earliest due first, those without a date last."""
        rows = [self._action(each) for each in self._actions]
        return sorted(rows, key=lambda row: (_or_last(row["due"]), str(row["reference"])))

    def _action(self, each: ActionDue) -> Row:
        action = each.action
        risk = self._risks.get(action.risk)
        unit = self.paths.work_units.get(action.work_unit or (risk.work_unit if risk else None))
        rated = self._assessed.get(risk.id) if risk else None
        decision = rated.assessment.decision if rated and rated.assessment else None
        return self._row(
            action,
            year=programme_year(action) or NO_DATE,
            decision=decision.label_fr if decision else None,
            direction=self.places.of(action, risk),
            work_unit=unit.name if unit else None,
            risk=risk.reference if risk else None,
            family=self._family(risk) if risk else None,
            situation=self._mask(risk.situation) if risk else None,
            title=self._mask(action.title),
            measure_type=self._label(action, "measure_type") or UNSPECIFIED,
            state=self._label(action, "state"),
            progress_state=action_progress(action, each.due).label_fr,
            **self._action_texts(action),
            **self._action_figures(action),
        )

    def programme(self, year: int, wanted: Collection[str] | None = None) -> list[Row]:
        """The measures of a yearly programme, those carried over too; `wanted` by their ids."""
        carried: dict[str, int] = {
            each.planned_action: each.from_year
            for each in Lookup(
                self._read, ProgrammeCarry, where=(Condition("to_year", Op.IS, year),)
            ).live()
        }
        further = further_risks(self._read, [each.action.id for each in self._actions])
        rows = [
            self._measure(each, year, carried.get(each.action.id), further.get(each.action.id, ()))
            for each in self._actions
            if programme_year(each.action) == year or each.action.id in carried
            if wanted is None or each.action.id in wanted
        ]
        return sorted(rows, key=lambda row: (_or_last(row["due"]), str(row["reference"])))

    def _measure(
        self, each: ActionDue, year: int, carried: int | None, further: Sequence[str]
    ) -> Row:
        """An action as the programme of a year tells of it."""
        action = each.action
        named = [self._risks.get(one) for one in (action.risk, *further)]
        rated = [self._assessed[one.id] for one in named if one and one.id in self._assessed]
        decisions = [one.assessment.decision for one in rated if one.assessment]
        worst = max(filter(None, decisions), key=lambda one: one.rank, default=None)
        quarters = quarters_of(action, year)
        taken = carried is not None and programme_year(action) != year
        return {
            **self._action(each),
            "programme": f"Reportée de {carried}" if taken else str(year),
            "decision": worst.label_fr if worst else None,
            "risk": self._mask(" ; ".join(one.situation for one in named if one)) or None,
            "start": action.start,
            "proof": self._mask(action.proof),
            "verified_on": action.verified_on,
            "verification": self._mask(action.verification),
            "verified_by": self._mask(action.verified_by),
            **{f"quarter_{at}": "●" if at in quarters else None for at in range(1, 5)},
        }

    def _action_texts(self, action: PlannedAction) -> Row:
        keys = ("conditions", "resources", "pilot", "indicator", "target", "found", "comment")
        return {key: self._mask(getattr(action, key)) for key in keys}

    def _action_figures(self, action: PlannedAction) -> Row:
        keys = (
            "cost",
            "committed_cost",
            "real_cost",
            "due",
            "revised_due",
            "progress",
            "done_on",
        )
        return {key: getattr(action, key) for key in keys}

    # -- registers ------------------------------------------------------------------------------

    def entries(self) -> list[Row]:
        """The health and safety register without its authors, the latest first."""
        found = due_sources.entries_due(self._read, self._today, self._owners)
        rows = [
            self._row(
                each.entry,
                reported_on=each.entry.reported_on,
                direction=self.places.of(each.entry),
                site=self.paths.site_name(each.entry.site),
                author_kind=self._label(each.entry, "author_kind"),
                nature=self._label(each.entry, "nature"),
                observation=self._mask(each.entry.observation),
                follow_up=self._label(each.entry, "follow_up"),
                answer=self._mask(each.entry.answer),
                answer_due=each.entry.answer_due,
                answered_on=each.entry.answered_on,
                closed_on=each.entry.closed_on,
                due_state=each.due.state.label_fr if each.due else None,
                committee_on=each.entry.committee_on,
            )
            for each in found
        ]
        return sorted(rows, key=lambda row: (row["reported_on"], row["reference"]), reverse=True)

    def accidents(self) -> list[Row]:
        """The accidents with their month, without place, circumstances or injury."""
        spans = twelve_months(self._today, _PERIODS)
        rows = [
            self._row(
                each,
                month=each.happened_on.replace(day=1),
                period=next(
                    (period_name(span) for span in spans if span.holds(each.happened_on)), _EARLIER
                ),
                kind=self._label(each, "kind"),
                material_element=each.material_element or UNSPECIFIED,
                stoppage=words.YES if each.stoppage or each.days_lost else words.NO,
                days_lost=each.days_lost,
                inquiry=self._label(each, "inquiry"),
                recognition=self._label(each, "recognition"),
                measures=self._mask(each.measures),
            )
            for each in Lookup(self._read, Accident).live(self._owners)
            if each.happened_on <= self._today
        ]
        return sorted(rows, key=lambda row: (row["month"], row["reference"]), reverse=True)

    def inspections(self) -> list[Row]:
        """Every equipment or lot with its latest and its next inspection, most urgent first."""
        found = due_sources.equipment_due(self._read, self._today, self._owners)
        entity = self._read.catalogue.of(Equipment)
        titles = self._read.titles_of(entity, [each.equipment for each in found])
        waiting = due_sources.reservations_due(self._read, self._today, self._owners)
        reserved = Counter(each.equipment.id for each in waiting if each.equipment)
        rows = [self._inspection(each, titles[each.equipment.id], reserved) for each in found]
        return sorted(rows, key=_due_order)

    def _inspection(self, each: EquipmentDue, title: str, reserved: Counter[str]) -> Row:
        equipment, kind, latest = each.equipment, each.kind, each.latest
        return self._row(
            equipment,
            **self._due(each.due),
            direction=self.places.of(equipment),
            site_kind=self.paths.site_kind(equipment.site) or UNSPECIFIED,
            site=self.paths.site_name(equipment.site),
            domain=kind.domain if kind else None,
            subject=kind.subject if kind else equipment.name,
            name=title,
            count=equipment.count or 1,
            months=equipment.months or (kind.months if kind else None),
            period_status=self._label(kind, "status") if kind and not equipment.months else None,
            last_on=latest.done_on if latest else None,
            body=self._mask(latest.body) if latest else None,
            conclusion=self._label(latest, "conclusion") if latest else None,
            open_reservations=reserved[equipment.id],
            responsible=self._mask(equipment.responsible),
        )

    def _due(self, due: Due) -> Row:
        return {
            "due_on": due.due_on,
            "state": due.state.label_fr,
            "days": self._days(due.due_on),
        }

    # -- credentials ----------------------------------------------------------------------------

    def credentials(self) -> list[Row]:
        """The credentials of those who are there, without their names, the first to end first."""
        found = due_sources.credentials_due(self._read, self._today, self._owners)
        directions = [self.places.of(each.person) for each in found]
        names = few_grouped(
            [
                (each.credential.owner, direction, each.person.id)
                for each, direction in zip(found, directions, strict=True)
            ]
        )
        rows = [
            self._credential(each, names[each.credential.owner, direction])
            for each, direction in zip(found, directions, strict=True)
        ]
        return sorted(rows, key=lambda row: (_or_last(row["end"]), str(row["reference"])))

    def _credential(self, each: CredentialDue, direction: str) -> Row:
        credential, kind = each.credential, each.kind
        name, category = (kind.name if kind else UNSPECIFIED), credential.category or ""
        role = certiphyto_role(kind.type_code if kind else "", name, category)
        opens, closes = renewal_window(each.end, kind) if each.end else (None, None)
        return self._row(
            credential,
            end=each.end,
            state=_credential_state(each),
            days=self._days(each.end),
            credential_type=name,
            category=category or None,
            family=(kind.family if kind else None) or UNSPECIFIED,
            direction=direction,
            obtained=credential.obtained,
            validity=kind.validity_months if kind else None,
            body=self._mask(credential.body),
            authorised=words.YES if credential.authorisation_on else None,
            renewal_planned=credential.renewal_planned,
            role=role.label_fr if role else None,
            title=" · ".join(filter(None, (name, category))),
            ask_from=opens,
            ask_until=closes,
            **{f"valid_{months}": self._valid(each, months) for months in COVERAGE_MONTHS},
        )

    def _valid(self, each: CredentialDue, months: int) -> str | None:
        if each.end is None:
            return None
        return words.YES if each.end >= add_months(self._today, months) else words.NO

    # -- products -------------------------------------------------------------------------------

    def stock(self) -> list[Row]:
        """What lies in the store rooms, then what has left them."""
        rooms = Lookup(self._read, StoreRoom)
        held = {
            each.line.id: each
            for each in due_sources.stock_lines_due(self._read, self._today, self._owners)
        }
        lines = Lookup(self._read, StockLine).live(self._owners)
        product = "plant_protection_product"
        products = self._read.titles(product, [each.product for each in lines])
        rows = [
            self._stock(each, held.get(each.id), rooms.get(each.store_room), products)
            for each in lines
        ]
        return sorted(
            rows, key=lambda row: (row["id"] not in held, str(row["site"]), str(row["store_room"]))
        )

    def _stock(
        self,
        line: StockLine,
        due: StockDue | None,
        room: StoreRoom | None,
        products: dict[str, str],
    ) -> Row:
        verdict = due.verdict if due else None
        return self._row(
            line,
            state=self._label(line, "state"),
            alert=self._alert(due) if due else None,
            name_as_written=self._mask(line.name_as_written),
            amm_as_written=line.amm_as_written,
            product=products.get(line.product or ""),
            product_state=verdict.state.label_fr if verdict else None,
            stock_class=self._label(line, "stock_class"),
            direction=self.places.of(line, room),
            site=self.paths.site_name(room.site) if room else None,
            store_room=room.name if room else None,
            lot=line.lot,
            purchased=line.purchased,
            use_by=line.use_by,
            use_until=verdict.use_until if verdict else None,
            quantity=line.quantity,
            unit=line.unit,
            set_aside_on=line.set_aside_on,
            waste_note=line.waste_note,
        )

    def _alert(self, each: StockDue) -> str | None:
        state = each.due.state if each.due else None
        if each.line.state == StockState.SET_ASIDE:
            return words.WASTE_LATE if is_kept_too_long(each.line, self._today) else words.WASTE
        by_state = {
            DueState.LATE: words.WASTE_TO_SET_ASIDE,
            DueState.TO_PLAN: words.ENDING,
            DueState.UNKNOWN: words.TO_CHECK,
        }
        return by_state.get(state) if state else None

    # -- what is due ----------------------------------------------------------------------------

    def due(self, credentials: Sequence[Row]) -> list[Row]:
        """What is late, to be planned or without a date, of all registers, most urgent first."""
        directions = {str(each["id"]): each["direction"] for each in credentials}
        return list(self._due_rows(directions))

    def _due_rows(self, directions: dict[str, Plain]) -> Iterator[Row]:
        for item in overview.due_items(
            self._read, self._today, self._owners, organised_on=self._organised_on
        ):
            if item.state not in _WAITING:
                continue
            entity = self._read.catalogue[item.register]
            of_person = names_persons(self._read.catalogue, item.register)
            known = item.record_id in directions
            what = item.subject if known or not of_person else entity.item_fr or entity.label_fr
            yield {
                "reference": item.reference,
                "id": item.record_id,
                "department": self.places.department(item.department),
                "due_on": item.due_on,
                "state": item.state.label_fr,
                "days": self._days(item.due_on),
                "rubric": entity.item_fr or entity.label_fr,
                "subject": self._mask(what),
                "what": item.what,
                "direction": directions.get(item.record_id, item.direction or None),
                "place": None if of_person else item.place or None,
                "responsible": self._mask(item.responsible),
                "count": item.count,
            }


def _risk_order(row: Row) -> tuple[str, str, str, Decimal, str]:
    residual = row.get("residual", None)
    worst = -residual if isinstance(residual, Decimal) else Decimal(1)
    return (
        str(row["department"]),
        str(row["direction"]),
        str(row["work_unit"]),
        worst,
        str(row["reference"]),
    )


_URGENCY = {each.label_fr: rank for rank, each in enumerate(DueState)}


def _due_order(row: Row) -> tuple[int, date, str]:
    return _URGENCY[str(row["state"])], _or_last(row["due_on"]), str(row["reference"])


def _or_last(day: Plain) -> date:
    return day if isinstance(day, date) else date.max


def _exposed(risk: Risk) -> tuple[Plain, Plain]:
    """How many are exposed, and how many women, without what tells of few persons (P7)."""
    everyone, women = risk.exposed, risk.exposed_women
    told: Plain = FEW if is_small(everyone) else everyone
    if women is None or everyone is None:
        return told, FEW if is_small(women) else women
    hidden = hidden_places([women, max(everyone - women, 0)])
    return told, FEW if is_small(everyone) or 0 in hidden else women


def _credential_state(each: CredentialDue) -> str:
    state = each.due.state
    if each.credential.state == CredentialState.PLANNED and each.end is None:
        return words.TO_OBTAIN if state is DueState.TO_PLAN else state.label_fr
    by_state = {
        DueState.UP_TO_DATE: words.VALID,
        DueState.TO_PLAN: words.TO_RENEW,
        DueState.LATE: words.EXPIRED,
    }
    return by_state.get(state, state.label_fr)
