"""What this computer is: system, rights, profile, session, printers. Facts, without a verdict."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from enum import StrEnum


class Profile(StrEnum):
    """What becomes of a person's folders when they sign out."""

    LOCAL = "local"
    ROAMING = "roaming"
    """Carried to every computer where the person signs in."""
    MANDATORY = "mandatory"
    """What is changed in it is forgotten."""
    TEMPORARY = "temporary"
    """Made for this session and removed after it."""
    CONTAINER = "container"
    """Mounted from a server at sign-in (FSLogix)."""


OLDEST_WINDOWS = 17763
"""Build of Windows 10 1809: Qt runs on none that is older."""
WINDOWS_11 = 22000
"""Its first build; Microsoft mends what came before only for those who pay for it."""


def system() -> str:
    """The operating system and its version as people call them."""
    if os.name == "nt":
        version = sys.getwindowsversion()
        name = "Windows 11" if version.build >= WINDOWS_11 else f"Windows {platform.release()}"
        return f"{name} ({version.major}.{version.minor}.{version.build}), {platform.machine()}"
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name}, {platform.machine()}"


def windows_build() -> int:
    """The build of Windows; 0 on another system."""
    return sys.getwindowsversion().build if os.name == "nt" else 0


def is_administrator() -> bool:
    """Whether this process may change the whole computer."""
    if os.name == "nt":
        import ctypes

        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    return hasattr(os, "geteuid") and os.geteuid() == 0


def profile() -> Profile:
    """The kind of the profile that this person is signed in with."""
    if os.name == "nt":
        import ctypes

        if _in_registry(r"SOFTWARE\FSLogix\Profiles", "Enabled") == 1:
            return Profile.CONTAINER
        flags = ctypes.c_ulong()
        if ctypes.windll.userenv.GetProfileType(ctypes.byref(flags)):
            return profile_of_flags(flags.value)
    return Profile.LOCAL


def profile_of_flags(flags: int) -> Profile:
    """The kind that the flags of Windows stand for: 1 temporary, 2 and 8 roaming, 4 mandatory."""
    if flags & 1:
        return Profile.TEMPORARY
    if flags & 4:
        return Profile.MANDATORY
    return Profile.ROAMING if flags & (2 | 8) else Profile.LOCAL


def remote_session(environment: dict[str, str] | None = None) -> str:
    """How a session comes from afar: « Citrix », « bureau à distance », or empty."""
    name = (environment if environment is not None else dict(os.environ)).get("SESSIONNAME", "")
    if name.upper().startswith("ICA"):
        return "Citrix"
    return "bureau à distance" if name.upper().startswith("RDP") else ""


def printers() -> list[str]:
    """The names of the printers that this person can use."""
    if os.name == "nt":
        import winreg

        place = r"Software\Microsoft\Windows NT\CurrentVersion\Devices"
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as opened:
                count = winreg.QueryInfoKey(opened)[1]
                return [str(winreg.EnumValue(opened, at)[0]) for at in range(count)]
        except OSError:
            return []
    asking = shutil.which("lpstat")
    if asking is None:
        return []
    return run([asking, "-e"], 20).stdout.split()


def run(command: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a program, keep what it says; raises TimeoutExpired where it takes longer."""
    return subprocess.run(  # noqa: S603  (our own program, or a tool of the system)
        command,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=seconds,
    )


def own_program() -> list[str]:
    """How this program is started once more."""
    frozen = getattr(sys, "frozen", False)
    return [sys.executable] if frozen else [sys.executable, "-m", "prevention_app"]


def _in_registry(place: str, name: str) -> object:
    if os.name == "nt":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as opened:
                return winreg.QueryValueEx(opened, name)[0]
        except OSError:
            return None
    return None
