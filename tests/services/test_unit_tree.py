from __future__ import annotations

from datetime import date

from prevention_app.services.unit_tree import NodeKind, add_unplaced, unit_tree

TODAY = date(2026, 11, 24)
NAMES = {"28": "Eure-et-Loir", "41": "Loir-et-Cher", "45": "Loiret"}


def tree(store, owners=()):
    with store.reading() as read:
        return unit_tree(read, NAMES, TODAY, owners)


def drawn(node, depth=0) -> list[str]:
    lines = [f"{'  ' * depth}{node.name}"]
    for each in node.children:
        lines += drawn(each, depth + 1)
    return lines


def test_directions_services_and_units_stand_under_the_department(store):
    with store.change("Préparer") as work:
        roads = work.new("org_unit", name="Routes").id
        east = work.new("org_unit", name="Exploitation Est", parent=roads).id
        work.new("org_unit", name="Éducation")
        work.new("work_unit", name="CER de Gien", org_unit=east)
        work.new("work_unit", name="Encadrement", org_unit=roads)
        work.new("work_unit", name="Volante")
    root = tree(store, ("45", "3D"))
    assert drawn(root) == [
        "Tout le département",
        "  Éducation",
        "  Routes",
        "    Exploitation Est",
        "      CER de Gien",
        "    Encadrement",
        "  Non rattaché",
        "    Volante",
    ]
    assert len(root.units) == 3
    assert [each.name for each in root.children[1].children[0].path] == [
        "Tout le département",
        "Routes",
        "Exploitation Est",
    ]


def test_several_departments_stand_beside_each_other(store):
    with store.change("Préparer") as work:
        work.new("org_unit", name="Routes")
        work.new("org_unit", name="Culture", owner="41")
    assert drawn(tree(store)) == [
        "Tous les départements",
        "  Eure-et-Loir",
        "  Loir-et-Cher",
        "    Culture",
        "  Loiret",
        "    Routes",
    ]


def test_doubles_deleted_and_closed_units(store):
    with store.change("Préparer") as work:
        kept = work.new("work_unit", name="Atelier")
        double = work.new("work_unit", name="Atelier (bis)")
        gone = work.new("work_unit", name="Supprimée")
        work.new("work_unit", name="Fermée", valid_until=date(2025, 1, 1))
    with store.reading() as read:
        double, gone = read.get("work_unit", double.id), read.get("work_unit", gone.id)
    with store.change("Joindre") as work:
        work.join("work_unit", double, kept.id)
        work.delete("work_unit", gone)
    root = tree(store, ("45",))
    (nowhere,) = root.children
    assert [(each.name, each.ended) for each in nowhere.children] == [
        ("Atelier", False),
        ("Fermée", True),
    ]
    assert nowhere.children[0].own_units == [kept.id, double.id]
    add_unplaced(root, [gone.id, kept.id])
    assert nowhere.kind is NodeKind.NOWHERE
    assert nowhere.own_units == [gone.id]


def test_a_circle_of_services_is_opened(store):
    with store.change("Préparer") as work:
        one = work.new("org_unit", name="Un")
        two = work.new("org_unit", name="Deux", parent=one.id)
    with store.reading() as read:
        one = read.get("org_unit", one.id)
    with store.change("Boucler") as work:
        work.amend("org_unit", one, parent=two.id)
    assert len(list(tree(store, ("45",)).walk())) == 3
