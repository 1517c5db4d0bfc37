"""What a stranger wrote, from the command line."""

from __future__ import annotations

from pathlib import Path

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.store import Store
from tests.cli.conftest import Cli
from tests.storage.acts import add_accident


def test_it_is_listed_and_admitted(cli: Cli, tmp_path: Path):
    stranger = Store.create(
        tmp_path / "x.prevention",
        declared_catalogue(),
        department="45",
        name="Poste inconnu",
        user="X. Inconnu",
    )
    add_accident(stranger, activity="Élagage")
    here = Store(cli.folder, declared_catalogue())
    here.receive(stranger.entries_after(here.position()))
    for each in (stranger, here):
        each.close()
    (held,) = [each for each in cli("aside") if each["register"].startswith("Accidents")]
    assert {"field": "Activité", "value": "Élagage"} in held["values"]
    assert cli("list", "accident") == []
    assert set(cli("aside", "--admit", held["id"])) == {"transaction"}
    assert [each["fields"]["activity"] for each in cli("list", "accident")] == ["Élagage"]
    code, _, complaint = cli.raw("aside", "--admit", "K7Q.1.1")
    assert code == 1
    assert "Rien n’est mis de côté" in complaint
