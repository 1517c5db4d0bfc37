"""Where the program's own files and the user's folders are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from prevention_app import paths

CHECKOUT = Path(__file__).parents[1]


def test_resources_and_migrations_come_from_the_checkout() -> None:
    assert paths.resource("reference") == CHECKOUT / "resources" / "reference"
    assert paths.resource("reference/department.json").is_file()
    assert list(paths.database_folder().glob("*.sql"))


def test_an_installed_package_brings_its_own_resources(tmp_path: Path) -> None:
    package = tmp_path / "prevention_app"
    (package / "resources").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "paths.py").write_bytes((CHECKOUT / "prevention_app" / "paths.py").read_bytes())
    code = "from prevention_app.paths import *; print(resource('x'), database_folder(), sep='|')"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == f"{package / 'resources' / 'x'}|{package / 'db'}"


def test_the_default_workspace_lies_in_the_users_own_data_folder() -> None:
    home = Path(os.environ["HOME"])
    assert home in paths.default_workspace().parents
    assert paths.default_workspace().suffix == ".prevention"
    assert paths.config_folder() not in paths.data_folder().parents
    assert home in paths.config_folder().parents
