"""The demonstration: fictional data of three departments, imported, and the workbooks made."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from prevention_app import paths
from prevention_app.errors import Refused
from prevention_app.services import demo_annexes, exports, imports, overview, reference_sets
from prevention_app.services.imports import ImportPlan, ImportRequest
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store

WORKSPACE = "demo.prevention"
MARK = "LISEZ-MOI-demonstration.txt"
_WORKBOOKS = (
    ("41", "prevention_41.xlsx"),
    ("45", "prevention_45.xlsx"),
    ("28", "prevention_28.xlsx"),
    ("all", "prevention_41-45-28.xlsx"),
)
_FILES = (
    ("organisation", "organigramme.xlsx", "all"),
    ("people", "agents_41.csv", "41"),
    ("people", "agents_45.csv", "45"),
    ("people", "agents_28.csv", "28"),
    ("duerp", "duerp_41.xlsx", "41"),
    ("duerp", "duerp_45.xlsx", "45"),
    ("duerp", "duerp_28.xlsx", "28"),
    ("credentials", "habilitations.xlsx", "all"),
    ("inspections", "verifications.xlsx", "all"),
    ("accidents", "accidents.xlsx", "all"),
    ("phyto-stock", "stock_phyto.xlsx", "all"),
    ("health_safety_entry", "rsst.csv", "all"),
)


@dataclass(slots=True)
class DemoAccount:
    """What the demonstration did."""

    workspace: Path
    imports: list[tuple[str, ImportPlan]] = field(default_factory=list)
    due: dict[str, int] = field(default_factory=dict)
    """Items by state, in French words."""
    workbooks: list[Path] = field(default_factory=list)


def prepare_folder(folder: Path) -> Path:
    """The place of the workspace in a folder that is empty, or that an earlier demo made.

    Raises Refused for any other folder.
    """
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise Refused(
                f"Le dossier « {folder} » n’est pas vide et ne vient pas d’une démonstration : "
                "rien n’y a été changé."
            )
        shutil.rmtree(folder / WORKSPACE, ignore_errors=True)
        for _, name in _WORKBOOKS:
            (folder / name).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text(
        "Démonstration du programme Prévention : données fictives. "
        "La commande demo remplace ce qu’elle a mis ici.\n",
        encoding="utf-8",
    )
    return folder / WORKSPACE


def fill(
    store: Store, tell: Callable[[str], None], progress: Progress | None = None
) -> DemoAccount:
    """Import the shipped files and the national catalogue, and fill the annexes."""
    account = DemoAccount(store.folder)
    tell("Catalogue national E-Phy")
    snapshot = paths.resource("reference") / "ephy" / "ephy.zip"
    account.imports.append(
        ("ephy.zip", reference_sets.import_ephy(store, (snapshot,), progress=progress))
    )
    folder = paths.resource("demo")
    for kind, name, department in _FILES:
        tell(name)
        request = ImportRequest(kind, (folder / name,), department)
        account.imports.append((name, imports.run(store, request, progress=progress)))
    demo_annexes.fill(store)
    return account


def count_due(store: Store, account: DemoAccount) -> None:
    """Count what is due by state."""
    with store.reading() as read:
        for item in overview.due_items(read, store.today()):
            label = item.state.label_fr
            account.due[label] = account.due.get(label, 0) + 1


def write_workbooks(
    store: Store,
    folder: Path,
    account: DemoAccount,
    tell: Callable[[str], None],
    progress: Progress | None = None,
) -> None:
    """Write the workbook of each department and of the three together."""
    for department, name in _WORKBOOKS:
        tell(name)
        out = folder / name
        exports.export_workbook(store, department, out, progress or Progress(), store.today())
        account.workbooks.append(out)
