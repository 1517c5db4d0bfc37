"""Commands on records: one at a time, or lists of them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from datetime import date
from typing import Any

from prevention_app import bootstrap
from prevention_app.catalogue.description import Entity, Field, Kind, Value
from prevention_app.catalogue.values import Unreadable, parse
from prevention_app.cli import report
from prevention_app.errors import Refused, WrongUsage
from prevention_app.i18n import count
from prevention_app.services import find, overview, records
from prevention_app.services.find import Wanted
from prevention_app.services.records import Row
from prevention_app.storage.query import Query
from prevention_app.storage.work import Changes

_MOST_FOUND = 200
"""How many records a search shows."""
_MOVED_ON = "ne peut pas être annulé en entier"
"""By these words the store says that a part of a change can still be undone."""


def _texts(given: Iterable[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals:
            raise WrongUsage(f"« {each} » n’est pas de la forme champ=valeur.")
        if key.strip() in texts:
            raise WrongUsage(f"« {key.strip()} » est donné deux fois.")
        texts[key.strip()] = value
    return texts


def add_command(given: Namespace) -> int:
    """Add a record."""
    store = bootstrap.open_workspace(given.data)
    record, _ = records.add(
        store, given.register, _texts(given.values), department=given.department
    )
    if given.json:
        report.as_json({"reference": record.reference, "id": record.id})
    else:
        report.line(f"Ajoutée : {record.reference}")
    return 0


def set_command(given: Namespace) -> int:
    """Change a record."""
    store = bootstrap.open_workspace(given.data)
    done = records.amend(store, given.reference, _texts(given.values))
    return _changed(given, "Modifiée", done)


def delete_command(given: Namespace) -> int:
    """Delete a record."""
    store = bootstrap.open_workspace(given.data)
    with store.reading() as read:
        entity, record = read.find(given.reference)
    return _changed(given, "Supprimée", records.delete(store, entity.key, [record]))


def _changed(given: Namespace, word: str, done: Changes) -> int:
    if given.json:
        report.as_json({"reference": given.reference, "transaction": done.transaction})
    else:
        report.line(f"{word} : {given.reference} (changement {done.transaction})")
    return 0


def show_command(given: Namespace) -> int:
    """Show a record."""
    store = bootstrap.open_workspace(given.data)
    with store.reading() as read:
        entity, record = read.find(given.reference)
        row = records.as_rows(read, entity, [record])[0]
        if given.json:
            links = read.references(entity, [record])
            conflicts = read.conflicts([record.id])
            report.as_json(_document(entity, row, links, conflicts))
            return 0
    report.line(f"{row.reference}  {row.title}")
    report.line(entity.label_fr + (" (supprimée)" if record.deleted else ""))
    report.pairs(
        {each.label_fr: row.texts[each.key] for each in entity.fields if row.texts[each.key]}
    )
    return 0


def _document(
    entity: Entity,
    row: Row,
    links: dict[str, dict[str, str]],
    conflicts: dict[str, list[str]],
) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "register": entity.key,
        "title": row.title,
        "department": row.department,
        "deleted": row.record.deleted,
        "conflicts": conflicts.get(row.id, []),
        "fields": {each.key: _field_value(each, row) for each in entity.fields},
        "links": {
            key: known[str(getattr(row.record, key))]
            for key, known in links.items()
            if str(getattr(row.record, key)) in known
        },
    }


def _field_value(each: Field, row: Row) -> str | int | float | bool | None:
    """References by the title of what they name; `links` holds their references."""
    if each.key in row.record.withheld:
        return records.WITHHELD
    if each.target:
        return row.texts[each.key] or None
    return records.plain(getattr(row.record, each.key, None))


def history_command(given: Namespace) -> int:
    """Show the history of a record."""
    store = bootstrap.open_workspace(given.data)
    with store.reading() as read:
        entity, record = read.find(given.reference)
    events = records.history(store, entity.key, record.id)
    if given.json:
        report.as_json(
            [
                {
                    "transaction": each.transaction,
                    "when": each.when.isoformat(timespec="seconds"),
                    "who": each.who,
                    "station": each.station,
                    "name": each.name,
                    "field": each.field,
                    "old": _past_value(entity, each.field, each.old, each.old_value),
                    "new": _past_value(entity, each.field, each.new, each.new_value),
                }
                for each in events
            ]
        )
    else:
        report.table(
            ("Changement", "Le", "Par", "Ordinateur", "Quoi", "Champ", "Avant", "Après"),
            [
                (
                    each.transaction,
                    f"{each.when.astimezone():%d/%m/%Y %H:%M}",
                    each.who,
                    each.station,
                    each.name,
                    each.label,
                    each.old,
                    "(inchangé)" if each.new == each.old else each.new,
                )
                for each in events
            ],
        )
    return 0


def _past_value(
    entity: Entity, key: str, text: str, value: Value
) -> str | int | float | bool | None:
    """References by the title of what they named, as `show` gives them."""
    each = entity.by_key.get(key)
    return (text or None) if each is not None and each.target else records.plain(value)


def undo_command(given: Namespace) -> int:
    """Take back a change."""
    store = bootstrap.open_workspace(given.data)
    try:
        done, name = store.undo(given.transaction, only_possible=given.rest)
    except Refused as error:
        if given.rest or _MOVED_ON not in str(error):
            raise
        raise Refused(f"{error} Avec --rest, ce qui peut encore l’être est annulé.") from error
    return _taken_back(given, done, name)


def redo_command(given: Namespace) -> int:
    """Take back an undo."""
    return _taken_back(given, *bootstrap.open_workspace(given.data).redo())


def _taken_back(given: Namespace, done: Changes, name: str) -> int:
    if given.json:
        report.as_json(
            {"transaction": done.transaction, "name": name, "changes": len(done.records)}
        )
    else:
        word = "Annulé" if given.command == "undo" else "Rétabli"
        report.line(
            f"{word} : {name} ({count(len(done.records), 'fiche')}, changement {done.transaction})"
        )
    return 0


def list_command(given: Namespace) -> int:
    """List the records of a register."""
    store = bootstrap.open_workspace(given.data)
    entity = records.entity_of(store, given.register)
    with store.reading() as read:
        query = Query(
            entity.key,
            where=records.conditions(read, entity, given.where),
            owners=(given.department,) if given.department else (),
        )
        found = records.rows(read, query)
        if given.json:
            links = read.references(entity, [row.record for row in found])
            conflicts = read.conflicts(row.id for row in found)
            report.as_json([_document(entity, row, links, conflicts) for row in found])
            return 0
    report.table(
        ("Référence", "Dép.", entity.label_fr),
        [(row.reference, row.department, row.title) for row in found],
    )
    report.line(count(len(found), "fiche"))
    return 0


def search_command(given: Namespace) -> int:
    """Search all registers; similar words are taken where nothing holds those that were typed."""
    store = bootstrap.open_workspace(given.data)
    wanted = Wanted(" ".join(given.words), limit=_MOST_FOUND + 1, near_below=1)
    with store.reading() as read:
        findings = find.find(read, wanted)
        found = find.describe(read, findings.all)
    more, found = len(found) > _MOST_FOUND, found[:_MOST_FOUND]
    near = bool(findings.near)
    if given.json:
        report.as_json(
            [
                {
                    "reference": each.reference,
                    "register": each.register,
                    "title": each.title,
                    "department": each.department,
                    "near": near,
                }
                for each in found
            ]
        )
        return 0
    if near:
        report.line(f"Rien ne contient « {wanted.words} ». Résultats proches :")
    report.table(
        ("Référence", "Registre", "Titre"),
        [(each.reference, store.catalogue[each.register].label_fr, each.title) for each in found],
    )
    if more:
        report.complain(f"Seules {_MOST_FOUND} fiches sont montrées : précisez la recherche.")
    return 0


def due_command(given: Namespace) -> int:
    """List what is due."""
    store = bootstrap.open_workspace(given.data)
    owners = (given.department,) if given.department else ()
    with store.reading() as read:
        items = overview.due_items(read, store.today(), owners, day_of(given.until))
    if given.json:
        report.as_json(
            [
                {
                    "reference": each.reference,
                    "register": each.register,
                    "title": each.title,
                    "department": each.department,
                    "due_on": each.due_on.isoformat() if each.due_on else None,
                    "state": str(each.state),
                    "what": each.what,
                    "responsible": each.responsible,
                    "group": each.group,
                }
                for each in items
            ]
        )
    else:
        report.table(
            ("Échéance", "État", "Quoi", "Fiche", "Responsable"),
            [
                (
                    f"{each.due_on:%d/%m/%Y}" if each.due_on else "",
                    each.state.label_fr,
                    f"{each.what} : {each.title}",
                    each.reference,
                    each.responsible,
                )
                for each in items
            ],
        )
        report.line(count(len(items), "échéance"))
    return 0


def day_of(text: str) -> date | None:
    """The day that a person typed; None where nothing was."""
    if not text:
        return None
    field = Field("until", "Jusqu’au", "Until", Kind.DATE)
    try:
        day = parse(field, text)
    except Unreadable as error:
        raise WrongUsage(str(error)) from error
    assert isinstance(day, date)  # noqa: S101  (what a date field reads)
    return day
