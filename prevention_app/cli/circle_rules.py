"""What roles read and write, from the command line: the table, a change, the way back."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from prevention_app.catalogue.vocabulary import Category, Role, RoleExtent
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.errors import WrongUsage
from prevention_app.services import role_rules
from prevention_app.services.role_rules import Rule
from prevention_app.storage.store import Store


def list_rules(given: Namespace, store: Store) -> int:
    """Show the whole table, and what the department changed in it."""
    found = role_rules.rules(store, given.department)
    if given.json:
        report.as_json([_as_json(each) for each in found])
        return DONE
    report.table(
        ("Rôle", "Catégorie", "Lit", "Écrit", "Remarque"),
        [
            (
                each.role.label_fr,
                each.category.label_fr,
                each.reads.label_fr,
                each.writes.label_fr,
                _note(each),
            )
            for each in found
        ],
    )
    return DONE


def change_rule(given: Namespace, store: Store) -> int:
    """Change one rule, or go back to what is shipped."""
    named = given.reads or given.writes
    if bool(named) == given.shipped:
        raise WrongUsage("Indiquez --reads et --writes, l’un des deux, ou --shipped seul.")
    role, category = Role(given.role), Category(given.category)
    if given.shipped:
        rule = role_rules.restore(store, role, category, given.department)
    else:
        rule = role_rules.set_rule(
            store,
            role,
            category,
            reads=RoleExtent(given.reads) if given.reads else None,
            writes=RoleExtent(given.writes) if given.writes else None,
            department=given.department,
        )
    if given.json:
        report.as_json(_as_json(rule))
        return DONE
    report.line(
        f"{role.label_fr}, {category.label_fr} : lit « {rule.reads.label_fr} », "
        f"écrit « {rule.writes.label_fr} »."
    )
    return DONE


def _as_json(rule: Rule) -> dict[str, Any]:
    return {
        "role": str(rule.role),
        "category": str(rule.category),
        "reads": str(rule.reads),
        "writes": str(rule.writes),
        "shipped_reads": str(rule.shipped_reads),
        "shipped_writes": str(rule.shipped_writes),
        "changed": rule.changed,
        "fixed": rule.fixed,
    }


def _note(rule: Rule) -> str:
    if rule.fixed:
        return "ne se change pas"
    if not rule.changed:
        return ""
    shipped = f"{rule.shipped_reads.label_fr}, {rule.shipped_writes.label_fr}"
    return f"changé (à l’origine : {shipped})"
