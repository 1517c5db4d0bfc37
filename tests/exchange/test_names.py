"""Names of persons are taken out of free text; everything else stays."""

from __future__ import annotations

import pytest

from prevention_app.exchange.names import NameMask

MASK = NameMask(
    [("Dupont", "Jean"), ("Le Gall", "Marie-Anne"), ("FORET", "Luc"), ("Roy", "")],
    ["MARTIN Paul", "Zoé"],
    ["A12345", "12"],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vu avec Jean Dupont et DUPONT, Jean.", "Vu avec [nom] et [nom]."),
        ("marie-anne le gall et Le Gall Marie-Anne", "[nom] et [nom]"),
        ("M. Durand a glissé", "M. [nom] a glissé"),
        ("Mme Petit Sophie, monsieur Untel", "Mme [nom], monsieur [nom]"),
        ("agent A12345 blessé", "agent [nom] blessé"),
        ("Paul Martin puis DUPONT", "[nom] puis [nom]"),
        ("M. D. Tardif, Mme J.-P. Lacroix", "M. [nom], Mme [nom]"),
        ("Chef d’équipe J. Dupont", "Chef d’équipe [nom]"),
        (
            "Catégorie A. Les agents, bâtiment B. Dépôt",
            "Catégorie A. Les agents, bâtiment B. Dépôt",
        ),
        ("M. le directeur et Mme la maire", "M. le directeur et Mme la maire"),
        ("Gravité M Forte ; 12 agents", "Gravité M Forte ; 12 agents"),
        ("RISQUE EN FORET", "RISQUE EN FORET"),
        ("rue du Roy, Zoé", "rue du Roy, Zoé"),
        ("Collège Jean Moulin, route de Dupont-la-Ville", None),
        ("", None),
    ],
)
def test_names_go_and_the_rest_stays(text, expected):
    assert MASK(text) == (text if expected is None else expected)
    assert MASK(None) is None


def test_accents_and_case_do_not_hide_a_name():
    mask = NameMask([("Faugère", "Zoé")], [], [])
    assert mask("ZOE FAUGERE et zoé faugère") == "[nom] et [nom]"
