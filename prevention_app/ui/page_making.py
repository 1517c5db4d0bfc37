"""How each page is made when it is first wanted; their modules are loaded only then."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from prevention_app.ui import places
from prevention_app.ui.commands import menu_bar_kept
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Page
from prevention_app.ui.session import Session

StartWork = Callable[..., Operation]

MODULES: Final = (
    "record_page",
    "risk_page",
    "annexes_page",
    "palette",
    "due_page",
    "campaign_page",
    "programme_page",
    "versions_page",
    "library_page",
    "plant_protection_page",
    "import_page",
    "organisation_page",
    "report_page",
    "conflicts_page",
    "exchange_page",
    "search_page",
    "settings_page",
    "members_page",
    "outflows_page",
)
"""The pages in the order in which they are wanted after the first one."""


def load_ahead() -> None:
    """Load the pages before they are wanted: what a thread does while the window waits."""
    for each in MODULES:
        import_module(f"prevention_app.ui.{each}")


def make_page(key: str, session: Session, start: StartWork) -> Page:
    """The page of this key; that of a register from its declaration."""
    made = _MAKERS.get(key)
    if made is not None:
        return made(session, start)
    from prevention_app.ui.record_page import RecordPage

    return RecordPage(session, session.store.catalogue[key])


def _home(session: Session, _start: StartWork) -> Page:
    from prevention_app.ui.home_page import HomePage

    return HomePage(session)


def _due(session: Session, _start: StartWork) -> Page:
    from prevention_app.ui.due_page import DuePage

    return DuePage(session)


def _risk_document(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.risk_page import RiskPage

    return RiskPage(session, start)


def _annexes(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.annexes_page import AnnexesPage

    return AnnexesPage(session, start)


def _campaign(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.campaign_page import CampaignPage

    return CampaignPage(session, start)


def _programme(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.programme_page import ProgrammePage

    return ProgrammePage(session, start)


def _versions(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.versions_page import VersionsPage

    return VersionsPage(session, start)


def _library(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.library_page import LibraryPage

    return LibraryPage(session, start)


def _plant_protection(session: Session, _start: StartWork) -> Page:
    from prevention_app.ui.plant_protection_page import PlantProtectionPage

    return PlantProtectionPage(session)


def _organisation(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.organisation_page import OrganisationPage

    return OrganisationPage(session, start)


def _import(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.import_page import ImportPage

    return ImportPage(session, start)


def _reports(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.report_page import ReportPage

    return ReportPage(session, start)


def _settings(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.settings_page import SettingsPage

    return SettingsPage(session, start, menu_bar_kept)


def _members(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.members_page import MembersPage

    return MembersPage(session, start)


def _outflows(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.outflows_page import OutflowsPage

    return OutflowsPage(session, start)


def _conflicts(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.conflicts_page import ConflictsPage

    return ConflictsPage(session, start)


def _exchanges(session: Session, start: StartWork) -> Page:
    from prevention_app.ui.exchange_page import ExchangePage

    return ExchangePage(session, start)


def _search(session: Session, _start: StartWork) -> Page:
    from prevention_app.ui.search_page import SearchPage

    return SearchPage(session)


_MAKERS: dict[str, Callable[[Session, StartWork], Page]] = {
    places.HOME: _home,
    places.DUE: _due,
    places.RISK_DOCUMENT: _risk_document,
    places.ANNEXES: _annexes,
    places.CAMPAIGN: _campaign,
    places.PROGRAMME: _programme,
    places.VERSIONS: _versions,
    places.LIBRARY: _library,
    places.PLANT_PROTECTION: _plant_protection,
    places.ORGANISATION: _organisation,
    places.IMPORT: _import,
    places.REPORTS: _reports,
    places.SETTINGS: _settings,
    places.MEMBERS: _members,
    places.OUTFLOWS: _outflows,
    places.CONFLICTS: _conflicts,
    places.EXCHANGES: _exchanges,
    places.SEARCH: _search,
}
