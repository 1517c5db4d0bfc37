"""Files that people name: the rules of Windows everywhere, and what a spreadsheet holds open."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.errors import PreventionError, Refused
from prevention_app.exchange import safe_file
from prevention_app.exchange.file_names import LONGEST, accepted, clash, problem, second_name
from prevention_app.exchange.safe_file import InUse, refuse_locked, replacing

NAMES = st.one_of(
    st.text(max_size=300),
    st.builds(
        "".join,
        st.lists(
            st.sampled_from(
                ["con", "NUL", "com1", "LPT²", ".", " ", "xlsx", "é", "e\u0301", "😀", ":", "\x07"]
            ),
            max_size=8,
        ),
    ),
)


@given(NAMES)
def test_a_name_made_of_any_text_is_accepted_and_stays(text) -> None:
    name = accepted(text)
    assert problem(name) == ""
    assert accepted(name) == name


@given(NAMES)
def test_what_is_accepted_is_a_plain_name_of_windows(text) -> None:
    name = accepted(text)
    assert PureWindowsPath(name).name == name
    assert not PureWindowsPath(name).is_reserved()
    assert not set(name) & set('<>:"/\\|?*')
    assert len(f"{name}.part".encode("utf-16-le")) // 2 <= 255


@given(NAMES)
def test_a_second_name_clashes_with_nothing_and_is_accepted(text) -> None:
    name = accepted(text)
    folder = [name.upper(), f"{Path(name).stem} (2){Path(name).suffix}".lower()]
    second = _second_of(folder, name)
    assert not clash(second, folder)
    assert Path(second).suffix == Path(name).suffix


def _second_of(names: list[str], name: str) -> str:
    class Folder(type(Path())):
        def iterdir(self):
            return iter([Path(each) for each in names])

    class Place(type(Path())):
        @property
        def parent(self):
            return Folder("/somewhere")

    return second_name(Place(f"/somewhere/{name}")).name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Donnez un nom"),
        (" . ", "Donnez un nom"),
        ("bilan:2026.xlsx", "contenir : : écrivez par exemple « bilan_2026.xlsx »."),
        ("a/b.xlsx", "contenir /"),
        ("tab\tulation.csv", "signe invisible"),
        ("bilan.xlsx.", "point à la fin"),
        ("bilan ", "espace au bord"),
        ("nul.xlsx", "réservé par Windows : écrivez par exemple « _nul.xlsx »"),
        ("Con .csv", "réservé"),
        ("COM1", "réservé"),
        ("x" * (LONGEST + 1), "trop long"),
    ],
)
def test_what_windows_refuses_is_refused_here_too(name, said) -> None:
    assert said in problem(name)


@pytest.mark.parametrize("name", ["Bilan 2026 (été).xlsx", "console.xlsx", ".profil", "a..b.csv"])
def test_ordinary_names_pass(name) -> None:
    assert problem(name) == ""
    assert accepted(name) == name


def test_a_long_name_keeps_its_ending() -> None:
    assert accepted("x" * 400 + ".xlsx").endswith("x.xlsx")


@pytest.fixture
def held(tmp_path, monkeypatch) -> Path:
    """A file that a spreadsheet holds: it can be looked at, not written, replaced or removed."""
    place = tmp_path / "Bilan.xlsx"
    place.write_bytes(b"ancien")
    plain_open, plain_replace = Path.open, Path.replace

    def guarded_open(self, mode="r", *rest, **more):
        if self == place and mode != "rb":
            raise PermissionError(13, "Permission denied", str(self))
        return plain_open(self, mode, *rest, **more)

    def guarded_replace(self, target):
        if Path(target) == place:
            raise PermissionError(13, "Permission denied", str(target))
        return plain_replace(self, target)

    monkeypatch.setattr(Path, "open", guarded_open)
    monkeypatch.setattr(Path, "replace", guarded_replace)
    monkeypatch.setattr(safe_file, "_PAUSES_S", (0.0,))
    return place


def test_a_file_open_elsewhere_is_said_before_the_work_with_a_second_name(held) -> None:
    (held.parent / "bilan (2).XLSX").touch()
    with pytest.raises(InUse) as caught:
        refuse_locked(held)
    assert caught.value.second == held.with_name("Bilan (3).xlsx")
    assert "« Bilan.xlsx » est ouvert dans un autre programme" in str(caught.value)
    assert "« Bilan (3).xlsx »" in str(caught.value)


def test_a_file_opened_during_the_work_costs_none_of_it(held) -> None:
    with pytest.raises(InUse, match="pendant l’écriture") as caught, replacing(held) as file:
        file.write(b"nouveau")
    assert held.read_bytes() == b"ancien"
    assert caught.value.second.read_bytes() == b"nouveau"
    assert sorted(each.name for each in held.parent.iterdir()) == ["Bilan (2).xlsx", "Bilan.xlsx"]


def test_an_antivirus_that_lets_go_is_waited_for(tmp_path, monkeypatch) -> None:
    place, tries = tmp_path / "Bilan.csv", []
    plain_replace = Path.replace

    def slow_replace(self, target):
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(13, "Permission denied", str(target))
        return plain_replace(self, target)

    monkeypatch.setattr(Path, "replace", slow_replace)
    with replacing(place) as file:
        file.write(b"x")
    assert place.read_bytes() == b"x"


def test_a_name_that_windows_refuses_is_refused_before_the_work(tmp_path) -> None:
    with pytest.raises(Refused, match="réservé par Windows"):
        refuse_locked(tmp_path / "aux.csv")


def test_a_folder_that_refuses_is_said_in_french(tmp_path, monkeypatch) -> None:
    def no_open(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", no_open)
    with pytest.raises(PreventionError, match="accès refusé"), replacing(tmp_path / "a.csv"):
        pass
