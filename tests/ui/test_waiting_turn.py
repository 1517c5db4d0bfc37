"""Someone saves while another process writes: the window stays free, the record saves itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from prevention_app.storage.engine import open_engine, writing
from prevention_app.storage.query import Query
from prevention_app.ui import drafts


@pytest.fixture
def another(folder) -> Iterator[ExitStack]:
    """A process that writes until it is closed."""
    engine = open_engine(folder)
    with ExitStack() as held:
        held.enter_context(writing(held.enter_context(engine.connect())))
        yield held
    engine.dispose()


@pytest.fixture
def form(window, another, type_text):
    window.go("site")
    window.window.page.new_record()
    made = window.window.page.form
    type_text(made.boxes["name"].editor.inner, "Écluse")
    return made


def sites(window) -> list[str]:
    with window.session.store.reading() as read:
        return [each.name for each in read.records(Query("site"))]


def test_a_record_waits_its_turn_and_saves_itself(window, form, another, qtbot) -> None:
    began = time.monotonic()
    form.save_button.click()
    assert time.monotonic() - began < 1
    assert "s’enregistrera d’elle-même" in form.banner.text
    assert drafts.find(window.session.folder, form._entity, drafts.NEW).values == {"name": "Écluse"}
    assert sites(window) == []
    another.close()
    qtbot.waitUntil(lambda: sites(window) == ["Écluse"], timeout=20_000)
    qtbot.waitUntil(lambda: not form.banner.isVisible())
    assert drafts.find(window.session.folder, form._entity, drafts.NEW) is None


def test_who_goes_on_before_is_told_that_it_is_a_draft(window, form, another, qtbot) -> None:
    form.save_button.click()
    window.window.page.new_record()
    assert "n’est pas enregistrée" in window.window.notice
    another.close()
    assert form.boxes["name"].editor.value() == "Écluse"
    form.save_button.click()
    assert sites(window) == ["Écluse"]
