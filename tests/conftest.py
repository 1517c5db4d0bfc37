"""What holds for every test: no screen, no one's folders, one clock zone, the right profile."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.storage.hub_cluster import Cluster
    from tests.workspaces import NewWorkspaces

# Before anything imports Qt or asks for the user's folders.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Thousands of changes wait for the disk to have written them: memory, where there is enough of it,
# has at once. Folders of tests that pass go as these end (see tmp_path_retention_policy).
MEMORY = Path("/dev/shm")
ENOUGH = 3 << 30
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
HOME = Path(
    tempfile.mkdtemp(prefix="prevention-tests-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
)
for folder, variables in {
    "": ("HOME", "USERPROFILE"),
    "data": ("XDG_DATA_HOME", "LOCALAPPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"),
    "config": ("XDG_CONFIG_HOME", "APPDATA"),
    "cache": ("XDG_CACHE_HOME",),
    "state": ("XDG_STATE_HOME",),
    "runtime": ("XDG_RUNTIME_DIR",),
}.items():
    (HOME / folder).mkdir(mode=0o700, exist_ok=True)
    os.environ.update(dict.fromkeys(variables, str(HOME / folder)))
os.environ.update(LANG="C.UTF-8", LC_ALL="C.UTF-8", TZ="Europe/Paris")
for variable in ("PREVENTION_LANGUAGE", "LANGUAGE", "DBUS_SESSION_BUS_ADDRESS"):
    os.environ.pop(variable, None)
# Processes that tests start find our modules compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
if hasattr(time, "tzset"):
    time.tzset()

TRACING = "COVERAGE_PROCESS_CONFIG"
"""By this variable coverage asks new processes to be traced."""

settings.register_profile(
    "quick", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", settings.get_profile("quick"), max_examples=1000)


def pytest_configure(config: pytest.Config) -> None:
    """The long suites draw more cases."""
    settings.load_profile("long" if config.option.markexpr == "long" else "quick")


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for Qt is a test of the window."""
    for item in items:
        if {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("gui")


@pytest.fixture
def untraced_processes() -> Iterator[None]:
    """Coverage does not trace the processes that a test starts: what they do is tried apart."""
    told = os.environ.pop(TRACING, None)
    yield
    if told is not None:
        os.environ[TRACING] = told


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Coverage looks away from tests marked untraced, and from the processes that they start."""
    if not item.get_closest_marker("untraced"):
        return (yield)
    tracer, told = sys.gettrace(), os.environ.pop(TRACING, None)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
        if told is not None:
            os.environ[TRACING] = told


@pytest.fixture(scope="session")
def new_workspace(tmp_path_factory: pytest.TempPathFactory) -> NewWorkspaces:
    """Puts a workspace in which nothing was done yet where a test wants it."""
    from tests.workspaces import NewWorkspaces

    return NewWorkspaces(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of the tests' own, for hubs; see tests/storage/hub_cluster.py."""
    from tests.storage import hub_cluster

    yield from hub_cluster.started()
