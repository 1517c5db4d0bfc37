"""What breaks is told plainly, reported without anyone's data, and remembered at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from prevention_app.errors import Refused
from prevention_app.services import failure_reports
from prevention_app.ui import drafts, failures, restart
from prevention_app.ui.drafts import Draft

SECRET = "Mme Dupont"


@pytest.fixture(autouse=True)
def reports(tmp_path, monkeypatch) -> Path:
    """Reports of this test lie in a folder of its own."""
    place = tmp_path / SECRET / "pannes"
    monkeypatch.setattr(failure_reports, "folder", lambda: place)
    for name in ("excepthook",):
        monkeypatch.setattr(sys, name, getattr(sys, name))
        monkeypatch.setattr(threading, name, getattr(threading, name))
    return place


def break_something(value: str) -> None:
    try:
        {}[value]
    except KeyError as error:
        raise ValueError(value) from error


def broken() -> BaseException:
    try:
        break_something(SECRET)
    except ValueError as error:
        return error
    raise AssertionError


def test_a_report_holds_kinds_places_and_versions_and_no_data(reports) -> None:
    told = []
    failures.catch(lambda text, report: told.append((text, report)))
    error = broken()
    sys.excepthook(type(error), error, error.__traceback__)
    ((text, report),) = told
    assert text.startswith("Une panne du programme")
    written = report.read_text(encoding="utf-8")
    assert "Erreur : ValueError" in written
    assert "Après :\nErreur : KeyError" in written
    assert "test_failures.py:" in written
    assert "break_something" in written
    assert "Python : 3." in written
    folders = (Path.home(), Path(__file__).parent, Path.cwd())
    for private in (SECRET, "Dupont", *map(str, folders)):
        assert private not in written


def test_what_breaks_again_and_again_is_reported_once(reports) -> None:
    told = []
    failures.catch(lambda text, report: told.append(report))
    for _ in range(50):
        error = broken()
        sys.excepthook(type(error), error, error.__traceback__)
    assert len(told) == 50
    assert len(list(reports.glob("panne-*.txt"))) == 1


def test_a_refusal_is_told_in_its_own_words_and_is_no_failure(reports) -> None:
    told = []
    failures.catch(lambda *what: told.append(what))
    sys.excepthook(Refused, Refused("Le disque est plein."), None)
    assert told == [("Le disque est plein.", None)]
    assert not reports.exists()


def test_what_breaks_in_a_thread_is_reported_in_silence(reports) -> None:
    told = []
    failures.catch(lambda *what: told.append(what))
    thread = threading.Thread(target=break_something, args=(SECRET,))
    thread.start()
    thread.join()
    assert told == []
    (report,) = reports.glob("panne-*.txt")
    assert "ValueError" in report.read_text(encoding="utf-8")


def test_reports_that_cannot_be_written_do_not_break_more(reports) -> None:
    reports.parent.mkdir(parents=True)
    reports.write_text("a file where the folder should be", encoding="utf-8")
    told = []
    failures.catch(lambda *what: told.append(what))
    error = broken()
    sys.excepthook(type(error), error, error.__traceback__)
    assert told == [(failures.PLAIN, None)]
    assert failures.Presence().begin() == []


def test_only_the_latest_reports_stay(reports) -> None:
    for number in range(25):
        last = failure_reports.write(f"Erreur : {number}\n")
    found = sorted(reports.glob("panne-*.txt"))
    assert len(found) == 20
    assert found[-1] == last


TRACE = f"""Fatal Python error: Segmentation fault

Current thread 0x00007f21 [Mme Dupont] (most recent call first):
  File "C:\\Users\\{SECRET}\\app\\prevention_app\\ui\\cells.py", line 41 in paint
  File "/home/{SECRET}/.venv/lib/python3.11/site-packages/PySide6/x.py", line 7 in exec
  File "/home/{SECRET}/essai.py", line 3 in <module>
{SECRET} typed this

Extension modules: PySide6.QtCore, nacl._sodium (total: 2)
"""


def test_a_crash_trace_is_cleaned_of_all_but_places() -> None:
    account = failure_reports.account_of_crash(TRACE)
    assert account.splitlines() == [
        "Arrêt :",
        "Fatal Python error: Segmentation fault",
        "Current thread 0x00007f21",
        "  prevention_app/ui/cells.py:41 paint",
        "  PySide6/x.py:7 exec",
        "  essai.py:3 <module>",
        "Extension modules: PySide6.QtCore, nacl._sodium (total: 2)",
    ]


# -- the next start ------------------------------------------------------------------------

RUN = """
import ctypes, os, sys
from prevention_app.ui import failures
presence = failures.Presence()
endings = presence.begin()
print(len(endings), *(each.report for each in endings), flush=True)
if sys.argv[1] == "close":
    presence.end()
elif sys.argv[1] == "crash":
    ctypes.string_at(0)
elif sys.argv[1] == "wait":
    sys.stdin.readline()
    presence.end()
"""


def started(how: str, home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, how],
        env={**os.environ, "XDG_DATA_HOME": str(home), "LOCALAPPDATA": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def run(how: str, home: Path) -> list[str]:
    said, _ = started(how, home).communicate(timeout=60)
    return said.split(maxsplit=1)


def test_a_window_that_was_closed_leaves_no_word(tmp_path) -> None:
    assert run("close", tmp_path) == ["0"]
    assert run("close", tmp_path) == ["0"]
    assert [each.suffix for each in (tmp_path / "Prevention" / "pannes").iterdir()] == []


def test_a_crash_is_told_once_at_the_next_start_with_its_place(tmp_path) -> None:
    assert run("crash", tmp_path) == ["0"]
    count, report = run("close", tmp_path)
    assert count == "1"
    written = Path(report.strip()).read_text(encoding="utf-8")
    assert "Segmentation fault" in written or "access violation" in written
    assert "string_at" in written
    assert "Python : 3." in written
    assert run("close", tmp_path) == ["0"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes otherwise")
def test_a_window_that_was_killed_is_told_and_one_that_runs_is_not(tmp_path) -> None:
    killed, alive = started("wait", tmp_path), started("wait", tmp_path)
    for each in (killed, alive):
        each.stdout.readline()
    killed.kill()
    killed.communicate()
    count, report = run("close", tmp_path)
    assert count == "1"
    assert "sans aucune trace" in Path(report.strip()).read_text(encoding="utf-8")
    assert run("close", tmp_path) == ["0"]
    alive.communicate("\n", timeout=60)
    assert run("close", tmp_path) == ["0"]


def test_the_next_window_says_it_and_offers_report_and_draft(session, tmp_path) -> None:
    said, opened = [], []
    session.noticed.connect(said.append)
    restart.tell([], session, opened.append, opened.append)
    assert said == []
    drafts.keep(
        session.folder, session.store.catalogue["site"], drafts.NEW, Draft({"town": "Gien"})
    )
    ending = failures.Ending(tmp_path / "panne.txt")
    restart.tell([ending], session, lambda *what: opened.append(what), opened.append)
    (notice,) = said
    assert "arrêté sans prévenir" in notice.text
    assert "1\u00a0saisie attend en brouillon" in notice.text
    assert str(tmp_path / "panne.txt") in notice.text
    offered = dict(notice.acts)
    assert list(offered) == ["Reprendre la dernière", "Lire le rapport"]
    offered["Reprendre la dernière"]()
    assert opened == ["site"]
