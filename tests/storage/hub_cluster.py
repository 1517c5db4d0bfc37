"""A PostgreSQL of the tests' own: a private cluster on a socket in a temporary folder."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

PROGRAMS = Path("/usr/lib/postgresql")
LOWEST = 15
PORT = 5432


def programs() -> Path | None:
    """Where the newest server that is installed lies; None where there is none that will do."""
    found = [
        folder / "bin"
        for folder in PROGRAMS.glob("*")
        if folder.name.isdecimal()
        and int(folder.name) >= LOWEST
        and (folder / "bin" / "initdb").exists()
    ]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class Cluster:
    """A running PostgreSQL whose superuser is « dba »."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self.bin = bin_folder
        self.folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, "postgres")
        self._as_user(
            "initdb", "-D", str(self._data), "-U", "dba", "-A", "trust", "--no-sync",
            "-E", "UTF8", "--locale", "C",
        )  # fmt: skip

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _command(self, program: str, *arguments: str) -> list[str]:
        command = [str(self.bin / program), *arguments]
        if os.geteuid() == 0:
            return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
        return command

    def _as_user(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self._command(program, *arguments),
            cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        settings = (
            "fsync=off", "listen_addresses=", f"unix_socket_directories={self.folder}",
            "max_connections=40", "shared_buffers=64MB",
        )  # fmt: skip
        options = [each for setting in settings for each in ("-c", setting)]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self._server = subprocess.Popen(
                self._command("postgres", "-D", str(self._data), *options),
                cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip
        for _ in range(600):
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                assert self._server.poll() is None, "the server ended"
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server does not answer")

    def stop(self, *, at_once: bool = False) -> None:
        """Ends it and cuts all connections, or lets it write down what it holds before."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self._server.wait(60)
            self._server = None

    def url(self, database: str, user: str = "dba") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}&port={PORT}"

    def make_database(self, template: str = "template1") -> str:
        name = f"base_{secrets.token_hex(4)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def run(self, *statements: str, database: str = "postgres") -> list[tuple]:
        with psycopg.connect(self.url(database), autocommit=True) as server:
            for each in statements:
                found = server.execute(each)
            return found.fetchall() if found.description else []

    def cut(self, database: str) -> int:
        """Cuts all connections to a database; returns how many there were."""
        return len(
            self.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE datname = '{database}' AND backend_type = 'client backend'"
            )
        )


def started() -> Iterator[Cluster]:
    """A server for the whole run; where PostgreSQL is missing, its tests are left out."""
    bin_folder = programs()
    if bin_folder is None:
        sentence = "PostgreSQL 15 or newer is not installed: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    # A socket's path must be short, and another user must reach it.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    folder.chmod(0o755)
    made = Cluster(bin_folder, folder)
    try:
        made.start()
        yield made
    finally:
        made.stop(at_once=True)
        shutil.rmtree(folder, ignore_errors=True)
        Path(f"{folder}.log").unlink(missing_ok=True)
