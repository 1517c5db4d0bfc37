"""What holds for every test: no screen, no one's folders, one clock zone, the right profile."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports Qt or asks for the user's folders.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HOME = Path(tempfile.mkdtemp(prefix="prevention-tests-"))
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
if hasattr(time, "tzset"):
    time.tzset()

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
