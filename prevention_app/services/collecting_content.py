"""What the collecting sheets of units and pilots say: read in bulk, as it is recorded today."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from prevention_app.catalogue.campaign import Campaign, CollectSheet, SheetKind
from prevention_app.catalogue.description import DECLARED
from prevention_app.catalogue.organisation import Department, WorkUnit
from prevention_app.catalogue.risk_document import (
    ExistingMeasure,
    HazardFamily,
    PlannedAction,
    Risk,
)
from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import ActionState
from prevention_app.domain.due_rules import is_settled
from prevention_app.exchange.collecting_model import (
    ActionLine,
    ActionSheet,
    Identity,
    RiskLine,
    RiskSheet,
)
from prevention_app.services.lookup import Lookup
from prevention_app.services.organisation import OrgPaths, org_path
from prevention_app.services.ratings import RatedRisk, rated_risks
from prevention_app.storage.query import Query, Reader

_TOKEN_BYTES: Final = 9
TO_EVALUATE: Final = "À évaluer"


def new_token() -> str:
    """What nobody guesses: a sheet made up by hand is none of ours."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


@dataclass(slots=True)
class Contents:
    """What is recorded in a department, by work unit."""

    owner: str
    employer: str
    risks: Mapping[str, Sequence[RatedRisk]]
    measures: Mapping[str, Sequence[str]]
    """Id of a risk → its measures in place."""
    families: Mapping[str, str]
    paths: OrgPaths

    def branch(self, unit: WorkUnit) -> str:
        """The directions above a unit: « Infrastructures › Routes »."""
        return " › ".join(self.paths.work_unit(unit.id, unit.owner).path)

    def head(self, unit: WorkUnit) -> str:
        """The function that answers for a unit; empty where it is not recorded."""
        above = self.paths.org_units.get(unit.org_unit)
        return (above.head or "") if above else ""

    def risk_sheet(self, sheet: CollectSheet, unit: WorkUnit, campaign: Campaign) -> RiskSheet:
        """What a unit is asked."""
        lines = [
            RiskLine(
                each.risk.id,
                self.families.get(each.risk.hazard_family or "", ""),
                each.risk.situation,
                "\n".join(self.measures.get(each.risk.id, ())),
                level_words(each),
            )
            for each in self.risks.get(unit.id, ())
        ]
        return RiskSheet(
            Identity(sheet.token, SheetKind.RISKS, campaign.id, unit.id),
            self.employer,
            unit.name,
            self.branch(unit),
            campaign.name,
            sheet.sent_on,
            sheet.answers_until,
            lines,
            list(self.families.values()),
        )


def level_words(rated: RatedRisk) -> str:
    """The residual level in words, or that it is still to be evaluated."""
    return rated.assessment.residual_level.label_fr if rated.assessment else TO_EVALUATE


def contents(read: Reader, owner: str) -> Contents:
    """Read what is recorded in a department, whole: sheets are made for many units at once."""
    families = {
        each.id: each.name
        for each in cast("list[HazardFamily]", read.records(Query("hazard_family")))
    }
    risks: dict[str, list[RatedRisk]] = {}
    for each in rated_risks(read, (owner,)):
        risks.setdefault(each.risk.work_unit, []).append(each)
    order = {key: at for at, key in enumerate(families)}
    for held in risks.values():
        held.sort(
            key=lambda one: (
                order.get(one.risk.hazard_family or "", len(order)), fold(one.risk.situation)
            )
        )  # fmt: skip
    return Contents(owner, employer(read, owner), risks, _measures(read), families, org_path(read))


def _measures(read: Reader) -> dict[str, list[str]]:
    risks, found = Lookup(read, Risk), dict[str, list[str]]()
    for each in Lookup(read, ExistingMeasure).live():
        risk = risks.get(each.risk)
        if risk is not None:
            found.setdefault(risk.id, []).append(each.title)
    return found


def employer(read: Reader, owner: str) -> str:
    """What the employer is called on a sheet."""
    for each in cast("list[Department]", read.records(Query("department"))):
        if each.number == owner:
            return each.employer or f"Département {each.name}"
    return f"Département {owner}"


# -- actions --------------------------------------------------------------------------------------


def actions_by_pilot(read: Reader, owner: str) -> dict[str, list[PlannedAction]]:
    """The open actions of a department by pilot, however the function is spelt; « » for none."""
    found: dict[str, list[PlannedAction]] = {}
    names: dict[str, str] = {}
    for each in read.records(Query("planned_action", owners=(owner,), order=("due", "title"))):
        action = cast("PlannedAction", each)
        if is_settled(action) or action.state == ActionState.PROPOSED:
            continue
        written = " ".join((action.pilot or "").split())
        name = names.setdefault(fold(written), written)
        found.setdefault(name, []).append(action)
    return found


def action_sheet(
    read: Reader, sheet: CollectSheet, employer_name: str, actions: Sequence[PlannedAction]
) -> ActionSheet:
    """What a pilot is asked: only their own actions."""
    units = read.titles("work_unit", [each.work_unit for each in actions])
    risks = read.titles("risk", [each.risk for each in actions])
    states = DECLARED[PlannedAction].by_key["state"]
    lines: list[ActionLine] = []
    for each in actions:
        place = [units.get(each.work_unit or "", ""), risks.get(each.risk or "", "")]
        target = [each.indicator or "", f"cible {each.target}" if each.target else ""]
        option = states.option(each.state)
        lines.append(
            ActionLine(
                each.id,
                each.reference,
                each.title,
                "\n".join(one for one in place if one),
                each.revised_due or each.due,
                option.label_fr if option else str(each.state),
                each.progress,
                each.done_on,
                ", ".join(one for one in target if one),
                each.found or "",
                each.real_cost,
            )
        )
    offered = [each.label_fr for each in states.options if each.code != ActionState.PROPOSED.value]
    return ActionSheet(
        Identity(sheet.token, SheetKind.ACTIONS),
        employer_name,
        sheet.pilot or "",
        sheet.sent_on,
        sheet.answers_until,
        lines,
        offered,
    )
