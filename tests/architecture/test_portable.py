"""Windows is where people work: nothing in the program needs another system, or the network."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.untraced

CHECKOUT = Path(__file__).parents[2]
PACKAGE = CHECKOUT / "prevention_app"

ONLY_POSIX = {
    "os": {
        "WNOHANG", "chown", "chroot", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid",
        "getgid", "getgroups", "getloadavg", "getpgid", "getpgrp", "getpriority", "getsid",
        "getuid", "kill", "killpg", "lchown", "lockf", "mkfifo", "mknod", "nice", "openpty",
        "pathconf", "posix_fadvise", "posix_fallocate", "posix_spawn", "pread", "pwrite",
        "sched_getaffinity", "sched_setaffinity", "sendfile", "setegid", "seteuid", "setgid",
        "setpgid", "setpriority", "setsid", "setuid", "statvfs", "sync", "sysconf", "tcgetpgrp",
        "uname", "wait", "wait3", "wait4", "waitpid",
    },
    "signal": {
        "SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP",
        "SIGTSTP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "alarm", "pause", "pthread_kill",
        "pthread_sigmask", "setitimer", "sigwait",
    },
    "time": {"tzset", "clock_gettime", "pthread_getcpuclockid"},
    "socket": {"AF_UNIX", "fromfd"},
    "shutil": {"chown"},
    "platform": {"freedesktop_os_release"},
}  # fmt: skip
"""What Windows lacks, by module."""
POSIX_MODULES = {
    "crypt", "curses", "fcntl", "grp", "nis", "posix", "pty", "pwd", "readline", "resource",
    "spwd", "syslog", "termios", "tty",
}  # fmt: skip
ONLY_WINDOWS = {"_winapi", "msvcrt", "winreg", "winsound"}
POSIX_PLACES = ("/etc/", "/proc/", "/sys/", "/dev/", "/tmp", "/var/", "/usr/", "/home/")
ASKING = {("os", "name"), ("sys", "platform"), ("platform", "system")}
NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "nntplib", "poplib", "requests",
    "smtplib", "socketserver", "ssl", "telnetlib", "urllib3", "urllib.request", "webbrowser",
    "xmlrpc", "PySide6.QtNetwork", "PySide6.QtWebSockets", "PySide6.QtWebEngineCore",
}  # fmt: skip


@cache
def trees() -> list[tuple[str, ast.Module]]:
    return [
        (each.relative_to(CHECKOUT).as_posix(), ast.parse(each.read_text(encoding="utf-8")))
        for each in sorted(PACKAGE.rglob("*.py"))
    ]


@cache
def nodes(tree: ast.Module) -> list[ast.AST]:
    return list(ast.walk(tree))


@cache
def guarded(tree: ast.Module) -> set[int]:
    """Nodes that stand where the system is asked first, or where its refusal is foreseen."""
    found: set[int] = set()

    def keep(*kept: ast.AST) -> None:
        for node in kept:
            found.update(id(each) for each in ast.walk(node))

    for node in nodes(tree):
        if (isinstance(node, ast.If | ast.IfExp) and asks_system(node.test)) or (
            isinstance(node, ast.BoolOp) and asks_system(node)
        ):
            keep(node)
        elif isinstance(node, ast.Try):
            keep(*node.body)
        elif isinstance(node, ast.FunctionDef):
            for at, statement in enumerate(node.body):
                leaves = isinstance(statement, ast.If) and isinstance(
                    statement.body[-1], ast.Return | ast.Raise
                )
                if leaves and asks_system(statement.test):
                    keep(*node.body[at:])
    return found


def asks_system(test: ast.AST) -> bool:
    """Whether a condition looks at the system, or at whether it has something."""
    return any(
        (isinstance(each, ast.Name) and each.id == "hasattr")
        or (
            isinstance(each, ast.Attribute)
            and isinstance(each.value, ast.Name)
            and (each.value.id, each.attr) in ASKING
        )
        for each in ast.walk(test)
    )


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(f"{node.module}.{each.name}" for each in node.names)]
    return []


def missing_elsewhere(tree: ast.Module) -> list[str]:
    """What a module uses that one of the systems lacks, without having asked which it is."""
    safe = guarded(tree)
    found: list[str] = []
    for node in nodes(tree):
        if id(node) in safe:
            continue
        found += [
            name
            for name in imported(node)
            if name.partition(".")[0] in POSIX_MODULES | ONLY_WINDOWS
        ]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in ONLY_POSIX.get(node.value.id, ()):
                found.append(f"{node.value.id}.{node.attr}")
            if (node.value.id, node.attr) in {("ctypes", "windll"), ("os", "startfile")}:
                found.append(f"{node.value.id}.{node.attr}")
        if isinstance(node, ast.ImportFrom) and node.module in ONLY_POSIX:
            found += [each.name for each in node.names if each.name in ONLY_POSIX[node.module]]
    return found


@pytest.mark.parametrize(
    "code",
    [
        "import fcntl",
        "import os\npid = os.fork()",
        "from os import getuid",
        "import signal\nsignal.signal(signal.SIGKILL, None)",
        "import winreg",
        "import os\ndef f():\n    if os.path.exists('x'):\n        return os.getuid()",
    ],
)
def test_what_only_one_system_has_is_found(code) -> None:
    assert missing_elsewhere(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "import os\nif os.name != 'nt':\n    os.fork()",
        "import os\nx = hasattr(os, 'geteuid') and os.geteuid() == 0",
        "import os\ndef f():\n    if os.name == 'nt':\n        return 1\n    return os.getuid()",
        "try:\n    import fcntl\nexcept ImportError:\n    fcntl = None",
    ],
)
def test_who_asks_first_may_use_it(code) -> None:
    assert missing_elsewhere(ast.parse(code)) == []


def test_the_program_uses_nothing_that_one_system_lacks() -> None:
    found = {name: missing_elsewhere(tree) for name, tree in trees()}
    assert {name: each for name, each in found.items() if each} == {}


def test_dates_are_written_as_every_system_understands() -> None:
    """« %-d » is of the GNU system; Windows raises an error for it."""
    wrong = [
        (name, node.value)
        for name, tree in trees()
        for node in nodes(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(each in node.value for each in ("%-d", "%-m", "%-H", "%-M", "%#d", "%e"))
    ]
    assert wrong == []


def test_no_place_of_linux_is_taken_for_granted() -> None:
    wrong = []
    for name, tree in trees():
        safe = guarded(tree)
        wrong += [
            (name, node.value)
            for node in nodes(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith(POSIX_PLACES)
            and id(node) not in safe
        ]
    # Read by a function that Windows does not reach.
    assert wrong == [("prevention_app/storage/keys.py", "/etc/machine-id")]


def test_texts_are_read_and_written_in_a_named_encoding() -> None:
    """Windows would take that of its old code page."""
    wrong = []
    for name, tree in trees():
        for node in nodes(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            named = {each.arg for each in node.keywords}
            if node.func.attr in ("read_text", "write_text") and "encoding" not in named:
                wrong.append((name, node.lineno))
    assert wrong == []


def test_the_program_calls_no_one() -> None:
    """No connection leaves this computer: no library that makes one is even loaded."""
    found = [
        (name, each)
        for name, tree in trees()
        for node in nodes(tree)
        for each in imported(node)
        if any(each == network or each.startswith(f"{network}.") for network in NETWORK)
    ]
    assert found == []
