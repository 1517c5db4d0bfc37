from __future__ import annotations

import json

from prevention_app.cli import self_test as command
from prevention_app.cli.main import run
from prevention_app.services.self_test.line import Line, Verdict

GOOD = Line("system", "Système", "Windows 11")
WRONG = Line("place", "Espace de travail", "P:\\espace", Verdict.FIX, "Gardez-le sur ce disque.")


def found(monkeypatch, *lines: Line) -> None:
    monkeypatch.setattr(command.checks, "run", lambda _folder, _progress: list(lines))


def test_the_code_says_whether_something_is_to_be_corrected(monkeypatch, capsys) -> None:
    found(monkeypatch, GOOD)
    assert run(["self-test"]) == 0
    assert "Rien à corriger." in capsys.readouterr().out
    found(monkeypatch, GOOD, WRONG)
    assert run(["self-test"]) == 1
    assert "Gardez-le sur ce disque." in capsys.readouterr().out


def test_with_json_one_value_is_printed(monkeypatch, capsys) -> None:
    found(monkeypatch, WRONG)
    assert run(["self-test", "--json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert (body["verdict"], body["lines"][0]["key"]) == ("fix", "place")


def test_the_report_is_written_beside(monkeypatch, capsys, tmp_path) -> None:
    found(monkeypatch, GOOD)
    assert run(["self-test", "--report", str(tmp_path / "rapport.txt")]) == 0
    assert "Rapport écrit" in capsys.readouterr().out
    assert "Windows 11" in (tmp_path / "rapport.txt").read_text(encoding="utf-8-sig")


def test_a_report_that_cannot_be_written_is_said_before_the_work(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(command.checks, "run", lambda *_: 1 / 0)
    assert run(["self-test", "--report", str(tmp_path / "absent" / "rapport.txt")]) == 1
    assert "n’existe pas" in capsys.readouterr().err
