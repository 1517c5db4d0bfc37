"""The list of registers, in the order in which people meet them: one line adds one."""

from __future__ import annotations

from prevention_app.catalogue import (
    archives,
    credentials,
    equipment,
    figures,
    health_safety,
    organisation,
    plant_products,
    recognition,
    rights,
    risk_document,
    stores,
    workspace,
)
from prevention_app.catalogue.description import DECLARED, Catalogue, Record

REGISTERS: tuple[type[Record], ...] = (
    risk_document.Risk,
    risk_document.Rating,
    risk_document.ExistingMeasure,
    risk_document.PlannedAction,
    risk_document.HazardFamily,
    risk_document.OwnRatingMethod,
    risk_document.MethodChoice,
    health_safety.HealthSafetyEntry,
    health_safety.Accident,
    equipment.Equipment,
    equipment.Inspection,
    equipment.Reservation,
    equipment.InspectionType,
    credentials.Credential,
    credentials.CredentialType,
    stores.StoreRoom,
    stores.StockLine,
    *plant_products.REFERENCE_TABLES,
    figures.IndicatorFigure,
    organisation.Department,
    organisation.OrgUnit,
    organisation.Site,
    organisation.WorkUnit,
    organisation.Job,
    organisation.Person,
    workspace.ImportRun,
    workspace.ImportMapping,
    workspace.ReferenceEdition,
    workspace.RegisterDefinition,
    workspace.FieldDefinition,
    workspace.Station,
    workspace.User,
    rights.DepartmentRoot,
    rights.Grant,
    rights.Revocation,
    rights.RevocationLift,
    rights.Admission,
    rights.RoleRule,
    rights.Outflow,
    recognition.Recognition,
    archives.Elimination,
    archives.LegalHold,
    workspace.Attachment,
)


def declared_catalogue() -> Catalogue:
    """The registers that the program declares; a workspace adds those of its users."""
    return Catalogue(DECLARED[each] for each in REGISTERS)
