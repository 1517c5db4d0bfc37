"""The self-test: what it finds here, and what it makes of computers that are not here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prevention_app.errors import PreventionError
from prevention_app.paths import FolderKind
from prevention_app.services.progress import Progress
from prevention_app.services.self_test import checks, computer, line, place, program, system
from prevention_app.services.self_test.computer import Profile
from prevention_app.services.self_test.line import Line, Verdict
from prevention_app.storage.trial import DatabaseTrial, try_database


@pytest.fixture(scope="module")
def lines(tmp_path_factory) -> list[Line]:
    """What is found on this computer."""
    return checks.run(tmp_path_factory.mktemp("self-test") / "espace.prevention", Progress())


def by_key(lines) -> dict[str, Line]:
    return {each.key: each for each in lines}


def test_every_line_says_what_was_found_and_what_to_do(lines) -> None:
    found = by_key(lines)
    assert len(found) == len(lines) == 14
    assert all(each.what and each.found for each in lines)
    assert all(each.advice for each in lines if each.verdict is not Verdict.GOOD)
    assert "n’a pas pu être contrôlé" not in "".join(each.found for each in lines)


def test_database_window_and_workers_are_really_tried(lines) -> None:
    found = by_key(lines)
    assert "journal WAL" in found["database"].found
    assert "offscreen" in found["window"].found
    assert "prêts en" in found["workers"].found


def test_nothing_is_left_behind(tmp_path) -> None:
    for each in (place.space, place.writing, place.database, place.place):
        each(tmp_path / "espace.prevention")
    assert list(tmp_path.iterdir()) == []


def test_a_check_that_breaks_does_not_take_the_others_with_it(tmp_path, monkeypatch) -> None:
    def broken(_folder: Path) -> Line:
        raise RuntimeError("Mme Dupont")

    monkeypatch.setattr(checks, "_CHECKS", (("Fenêtre", broken), ("Droits", system.rights)))
    first, second = checks.run(tmp_path, Progress())
    assert first == Line(
        "broken",
        "Fenêtre",
        "n’a pas pu être contrôlé (RuntimeError)",
        Verdict.NOTICE,
        "Joignez ce rapport à une demande d’assistance.",
    )
    assert second.key == "rights"


# -- what it means -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (FolderKind.LOCAL, Verdict.GOOD),
        (FolderKind.NETWORK, Verdict.FIX),
        (FolderKind.SYNCED, Verdict.FIX),
        (FolderKind.ROAMING, Verdict.FIX),
        (FolderKind.REDIRECTED, Verdict.NOTICE),
        (FolderKind.REMOVABLE, Verdict.NOTICE),
        (FolderKind.TEMPORARY, Verdict.NOTICE),
    ],
)
def test_each_kind_of_place_has_its_verdict(tmp_path, monkeypatch, kind, verdict) -> None:
    monkeypatch.setattr(place.paths, "folder_kind", lambda _: kind)
    found = place.place(Path("/espace"))
    assert found.verdict is verdict
    assert bool(found.advice) is (verdict is not Verdict.GOOD)


@pytest.mark.parametrize("kind", Profile)
def test_each_kind_of_profile_is_known(monkeypatch, kind) -> None:
    monkeypatch.setattr(computer, "profile", lambda: kind)
    found = system.profile(Path())
    assert (found.verdict is Verdict.GOOD) is (kind is Profile.LOCAL)


def test_a_session_from_afar_is_told(monkeypatch) -> None:
    monkeypatch.setattr(computer, "remote_session", lambda: "Citrix")
    found = system.profile(Path())
    assert "session par Citrix" in found.found
    assert found.verdict is Verdict.NOTICE


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        (0, Profile.LOCAL),
        (1, Profile.TEMPORARY),
        (2, Profile.ROAMING),
        (8, Profile.ROAMING),
        (4, Profile.MANDATORY),
        (6, Profile.MANDATORY),
    ],
)
def test_the_flags_of_windows_name_a_profile(flags, kind) -> None:
    assert computer.profile_of_flags(flags) is kind


@pytest.mark.parametrize(
    ("name", "told"),
    [("Console", ""), ("", ""), ("RDP-Tcp#3", "bureau à distance"), ("ICA-tcp#1", "Citrix")],
)
def test_the_name_of_a_session_says_from_where_it_comes(name, told) -> None:
    assert computer.remote_session({"SESSIONNAME": name}) == told


@pytest.mark.parametrize(
    ("build", "verdict"),
    [(0, Verdict.GOOD), (10240, Verdict.FIX), (19045, Verdict.NOTICE), (26100, Verdict.GOOD)],
)
def test_old_systems_are_told(build, verdict) -> None:
    assert system.judge_system(build)[0] is verdict


@pytest.mark.parametrize(
    ("judge", "good", "notice", "fix"),
    [
        (place.judge_space, 10**10, 10**9, 10**8),
        (place.judge_writing, 5, 150, 900),
        (program.judge_start, 1, 9, 40),
    ],
)
def test_figures_are_judged(judge, good, notice, fix) -> None:
    found = [judge(each)[0] for each in (good, notice, fix)]
    assert found == [Verdict.GOOD, Verdict.NOTICE, Verdict.FIX]


@pytest.mark.parametrize(
    "tried",
    [DatabaseTrial("3.51.3", "delete", 5.0, True), DatabaseTrial("3.51.3", "wal", 5.0, False)],
)
def test_a_place_that_does_not_suit_a_database_is_to_be_corrected(
    tmp_path, monkeypatch, tried
) -> None:
    monkeypatch.setattr("prevention_app.storage.trial.try_database", lambda _: tried)
    assert place.database(tmp_path).verdict is Verdict.FIX


def test_a_folder_that_cannot_be_written_is_to_be_corrected(tmp_path, monkeypatch) -> None:
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(place.tempfile, "TemporaryDirectory", refuse)
    found = place.writing(tmp_path)
    assert found.verdict is Verdict.FIX
    assert "PermissionError" in found.found


def test_without_a_screen_the_commands_still_serve(monkeypatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(program, "_try_window", lambda: ("code -6", None))
    assert program.window(Path()).verdict is Verdict.NOTICE
    monkeypatch.setenv("DISPLAY", ":0")
    found = program.window(Path())
    assert (found.verdict, found.found) == (Verdict.FIX, "ne s’ouvre pas (code -6)")


def test_the_trial_of_the_database_reads_while_it_writes(tmp_path) -> None:
    tried = try_database(tmp_path)
    assert (tried.journal_mode, tried.sound) == ("wal", True)
    assert tried.version.startswith("3.")
    assert 0 < tried.commit_ms < 5000


# -- the report ----------------------------------------------------------------------------

SOME = [
    Line("system", "Système", "Windows 11"),
    Line("place", "Espace de travail", "P:\\espace", Verdict.FIX, "Gardez-le sur ce disque."),
]


def test_the_worst_line_is_the_verdict() -> None:
    assert checks.worst(SOME) is Verdict.FIX
    assert checks.worst(SOME[:1]) is Verdict.GOOD


def test_the_report_is_a_text_that_a_windows_editor_opens(tmp_path) -> None:
    checks.write_report(SOME, tmp_path / "rapport.txt")
    content = (tmp_path / "rapport.txt").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert "[bon] Système : Windows 11\n" in text
    assert "[à corriger] Espace de travail : P:\\espace\n    Gardez-le sur ce disque.\n" in text
    assert text.endswith("1 point à corriger.\n")


def test_the_report_is_data_where_its_name_says_so(tmp_path) -> None:
    checks.write_report(SOME, tmp_path / "rapport.json")
    body = json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))
    assert body["verdict"] == "fix"
    assert body["lines"][1]["advice"] == "Gardez-le sur ce disque."


def test_a_report_names_no_home_folder() -> None:
    assert line.public(Path.home() / "a" / "b") == str(Path("~") / "a" / "b")
    assert line.public(Path("/srv/espace")) == str(Path("/srv/espace"))


def test_a_test_apart_that_tells_nothing_is_said_so(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(computer, "own_program", lambda: ["false"])
    with pytest.raises(PreventionError, match="arrêté en route"):
        checks.run_apart(tmp_path, Progress())
