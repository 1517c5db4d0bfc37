"""What a stranger wrote is kept, told in words, and counts once an administrator says so."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.domain import rights
from prevention_app.errors import NotFound
from prevention_app.services import kept_aside
from prevention_app.storage import rights as judged
from prevention_app.storage.store import Store
from tests.storage.acts import add_accident, listed
from tests.workspaces import NewWorkspaces


@pytest.fixture
def here(tmp_path: Path, new_workspace: NewWorkspaces) -> Store:
    """The adviser's station, which holds an accident that a stranger wrote for the department."""
    place = new_workspace(tmp_path / "a.prevention", name="Poste A", user="C. Marchand")
    store = Store(place, declared_catalogue())
    stranger = Store.create(
        tmp_path / "b.prevention",
        declared_catalogue(),
        department="45",
        name="Poste inconnu",
        user="X. Inconnu",
    )
    add_accident(stranger, activity="Élagage")
    store.receive(stranger.entries_after(store.position()))
    stranger.close()
    return store


def all_aside(store: Store) -> list[kept_aside.Held]:
    with store.reading() as read:
        return kept_aside.listed(read)


def test_it_is_told_in_words_and_part_of_nothing(here: Store) -> None:
    held = next(each for each in all_aside(here) if each.register.startswith("Accidents"))
    assert ("Activité", "Élagage") in held.values
    assert held.user == "X. Inconnu"
    assert held.creates
    assert "rôle" in held.why
    assert listed(here, "accident") == []


def test_every_reason_is_told_in_words() -> None:
    judging = inspect.getsource(rights.Rights) + inspect.getsource(judged._Judge)
    codes = set(re.findall(r'(?:return|else) "(\w{3,})"', judging))
    assert codes >= {"role", "scope"}
    assert codes <= set(kept_aside._WHY)


def test_an_administrator_lets_it_count(here: Store) -> None:
    held = next(each for each in all_aside(here) if each.register.startswith("Accidents"))
    kept_aside.admit(here, held.id)
    assert [each.activity for each in listed(here, "accident")] == ["Élagage"]
    assert held.id not in {each.id for each in all_aside(here)}


def test_an_unknown_one_is_said(here: Store) -> None:
    with pytest.raises(NotFound, match="Rien n’est mis de côté"):
        kept_aside.admit(here, "K7Q.1.1")
