"""What public archives allow (P24): names erased by decision, records eliminated after a visa.

Both are written like any change, so that every station that hears of it does the same; a legal
hold stops both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, cast

from prevention_app.catalogue.archives import Elimination, LegalHold
from prevention_app.catalogue.description import Entity, Record
from prevention_app.catalogue.retention import Fate, Retention
from prevention_app.catalogue.vocabulary import EliminationState
from prevention_app.errors import NotFound, Refused
from prevention_app.exchange.workbook_model import (
    Column,
    Look,
    RegisterSheet,
    Tab,
    Table,
    Workbook,
)
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services import records
from prevention_app.services.progress import Progress
from prevention_app.storage import automatic_backup, erasing, erasure_notes, journal
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

ERASE, PREPARE = "Effacer les noms", "Préparer un bordereau d’élimination"
VISA, EXECUTE = "Noter le visa d’un bordereau", "Éliminer des fiches"
HOLD, RELEASE = "Geler des archives", "Lever un gel"
"""Names of the changes made here, as undo and history call them."""
_MOST_NAMED: Final = 5

Part = tuple[Entity, Record]


@dataclass(frozen=True, slots=True)
class Due:
    """What has been kept long enough in a register of a department."""

    entity: Entity
    retention: Retention
    department: str
    before: date
    count: int


@dataclass(slots=True)
class Preview:
    """What would go, before it goes."""

    chosen: list[Part]
    hanging: list[Part] = field(default_factory=list[Part])
    """What belongs to them: attachments, and records that are nothing without them."""
    held: list[tuple[Record, LegalHold]] = field(default_factory=list[tuple[Record, LegalHold]])
    """Left out, because of a legal hold."""
    with_names: int = 0
    """Of how many of the first two some name or text is still here."""

    @property
    def files(self) -> int:
        """How many attachments are lost with their bytes."""
        return sum(entity.key == "attachment" for entity, _ in self.hanging)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A list made, and what was left out of it."""

    reference: str
    preview: Preview


# -- what is due, what is held -----------------------------------------------------------------


def due(store: Store) -> list[Due]:
    """The registers of this station's departments in which something was kept long enough."""
    found: list[Due] = []
    today = store.today()
    with store.reading() as read:
        for entity in read.catalogue.registers:
            if entity.retention is None or entity.retention.fate is Fate.KEPT:
                continue
            before = entity.retention.limit(today)
            for department in store.departments:
                count = len(_old(read, entity, department, before))
                if count:
                    found.append(Due(entity, entity.retention, department, before, count))
    return found


def decides(store: Store) -> bool:
    """Whether this station decides in its own department what is erased and eliminated."""
    return erasing.decides(store, store.department)


def remarks(store: Store) -> list[str]:
    """What an erasure does not reach at this computer, to be said before and after one."""
    found: list[str] = []
    with store.reading() as read:
        kept = read.connection.exec_driver_sql("SELECT count(*) FROM kept_original").scalar_one()
    if kept:
        found.append(
            f"Fichiers de reprise gardés sur cet ordinateur\u202f: {number_text(int(kept))}. "
            "Ils ne sont pas fouillés, peuvent nommer les mêmes personnes, et disparaissent "
            "douze mois après leur reprise."
        )
    copies = automatic_backup.copies(store.folder)
    if copies:
        found.append(
            f"Sauvegardes automatiques déjà faites\u202f: {number_text(len(copies))}. Elles "
            "gardent ce qui est effacé ensuite, un an ou un peu plus\u202f; si l’une d’elles est "
            "restaurée, il est effacé de nouveau. Les copies mises ailleurs sont à "
            "détruire par vous."
        )
    if erasure_notes.read(store.folder).leaves:
        found.append(
            "Cet espace de travail vient d’une sauvegarde plus ancienne que des effacements\u202f: "
            "des noms effacés y sont revenus. Ils partiront à l’échange avec un autre ordinateur, "
            "ou dès que celui-ci aura de nouveau ses droits."
        )
    return found


def holds(read: Reader, today: date) -> list[LegalHold]:
    """The legal holds that stand today."""
    found = [cast("LegalHold", each) for each in read.records(Query("legal_hold"))]
    return [each for each in found if each.until is None or each.until >= today]


def eliminations(read: Reader) -> list[Elimination]:
    """The lists of what is to be eliminated or was, newest first."""
    return [cast("Elimination", each) for each in read.records(Query("elimination"))]


def _hold_on(found: Sequence[LegalHold], entity: Entity, record: Record) -> LegalHold | None:
    return next(
        (
            each
            for each in found
            if each.owner == record.owner
            and each.register_key == entity.key
            and each.record in (None, "", record.id)
        ),
        None,
    )


def _old(read: Reader, entity: Entity, department: str, before: date) -> list[Record]:
    """The records of a register dated before a day that are not eliminated yet.

    Deleted ones of which names or texts are left are among them.
    """
    kept = entity.retention
    if kept is None:
        return []
    everything = [
        each
        for each in read.records(Query(entity.key, with_deleted=True))
        if each.owner == department
    ]
    newest = _newest(kept, everything)
    dated = [
        each
        for each in everything
        if isinstance(day := getattr(each, kept.counted_from, None), date)
        and day < before
        and each.id not in newest
    ]
    left = erasing.with_bytes(read, dated)
    return [each for each in dated if not each.deleted or each.id in left]


def _newest(kept: Retention, everything: Iterable[Record]) -> set[str]:
    """Ids of the newest few of each, which stay whatever their age."""
    stay: set[str] = set()
    if kept.newest_kept:
        of: dict[object, list[Record]] = {}
        for each in everything:
            if not each.deleted and getattr(each, kept.counted_from, None):
                of.setdefault(getattr(each, kept.newest_of), []).append(each)
        for some in of.values():
            some.sort(key=lambda each: getattr(each, kept.counted_from), reverse=True)
            stay.update(each.id for each in some[: kept.newest_kept])
    return stay


def _hanging(read: Reader, chosen: Sequence[Part]) -> list[Part]:
    """Attachments of records, and the records that are nothing without them, all the way down."""
    found: dict[str, Part] = {}
    level = list(chosen)
    while level:
        below: list[Part] = []
        ids: dict[str, list[str]] = {}
        for entity, record in level:
            ids.setdefault(entity.key, []).append(record.id)
        for register, some in ids.items():
            for entity, key in (
                (read.catalogue["attachment"], "of_record"),
                *(
                    (child, each.key)
                    for child, each in read.catalogue.children(register)
                    if each.required and not child.reference_set
                ),
            ):
                for each in _named(read, entity, key, some):
                    if each.id not in found:
                        found[each.id] = (entity, each)
                        below.append((entity, each))
        level = below
    return list(found.values())


def _named(read: Reader, entity: Entity, key: str, ids: Sequence[str]) -> list[Record]:
    wanted = frozenset(ids)
    if len(wanted) == 1:
        where = (Condition(key, Op.IS, ids[0]),)
        return read.records(Query(entity.key, where, with_deleted=True))
    return [
        each
        for each in read.records(Query(entity.key, with_deleted=True))
        if getattr(each, key) in wanted
    ]


def _counted(read: Reader, preview: Preview) -> Preview:
    parts = [record for _, record in (*preview.chosen, *preview.hanging)]
    preview.with_names = len(erasing.with_bytes(read, parts))
    return preview


# -- names -------------------------------------------------------------------------------------


def foresee_names(
    store: Store, references: Sequence[str], *, with_attachments: bool = False
) -> Preview:
    """The records whose names and texts would go; attachments stay unless they are asked for."""
    with store.reading() as read:
        chosen = [read.find(each) for each in references]
        for entity, _ in chosen:
            _refuse_system(entity)
        hanging: list[Part] = []
        if with_attachments:
            hanging = [each for each in _hanging(read, chosen) if each[0].key == "attachment"]
        return _counted(read, Preview(chosen, hanging))


def erase_names(
    store: Store, references: Sequence[str], reason: str, *, with_attachments: bool = False
) -> Changes:
    """Take away names and texts of records for good, as one change; what is plain stays.

    Raises Refused where a legal hold stands, or this station does not decide it.
    """
    _refuse_without_reason(reason)
    preview = foresee_names(store, references, with_attachments=with_attachments)
    for _, record in preview.chosen:
        _refuse_unless_decides(store, record.owner)
    if not preview.with_names:
        raise Refused("Ces fiches n’ont plus ni nom ni texte à effacer.")
    return _erase(store, preview, ERASE, reason, eliminated=preview.hanging)


def _erase(
    store: Store,
    preview: Preview,
    name: str,
    reason: str,
    *,
    eliminated: Sequence[Part],
    executes: str = "",
) -> Changes:
    """Write the change: bytes go, `eliminated` are deleted too; `executes` is the list's id."""
    work = store.draft()
    parts = [*preview.chosen, *preview.hanging]
    with store.reading() as read:
        _refuse_held(holds(read, store.today()), parts)
        _refuse_withheld(parts)
        by_register: dict[str, list[Record]] = {}
        for entity, record in parts:
            by_register.setdefault(entity.key, []).append(record)
        for register, some in by_register.items():
            erasing.erase_all(read, work, register, some)
        for entity, record in eliminated:
            if not record.deleted:
                work.mark_deleted(entity.key, record, deleted=True)
        if executes:
            work.amend(
                "elimination",
                read.get("elimination", executes),
                state=EliminationState.EXECUTED,
                executed_on=store.today(),
            )
    store.write(work, name, reason=reason)
    return records.written(work)


# -- elimination -------------------------------------------------------------------------------


def prepare(
    store: Store, register: str, before: date, *, department: str = "", reason: str = ""
) -> Prepared:
    """List the records of a register dated before a day, for the visa; nothing is erased yet."""
    owner = department or store.department
    entity = records.entity_of(store, register)
    _refuse_unless_decides(store, owner)
    kept = entity.retention
    if kept is None or kept.fate is Fate.KEPT:
        raise Refused(
            f"Aucune durée de conservation n’est déclarée pour «{NO_BREAK}{entity.label_fr}"
            f"{NO_BREAK}»\u202f: ses fiches se gardent."
        )
    limit = kept.limit(store.today())
    if before > limit:
        raise Refused(
            f"«{NO_BREAK}{entity.label_fr}{NO_BREAK}» se garde {kept.years} ans\u202f: seules les "
            f"fiches d’avant le {limit:%d/%m/%Y} peuvent être éliminées. {kept.source}"
        )
    with store.reading() as read:
        standing = holds(read, store.today())
        preview = Preview([])
        for record in _old(read, entity, owner, before):
            below = _hanging(read, [(entity, record)]) if standing else []
            stops = [_hold_on(standing, *each) for each in [(entity, record), *below]]
            hold = next((each for each in stops if each is not None), None)
            if hold is None:
                preview.chosen.append((entity, record))
            else:
                preview.held.append((record, hold))
        preview.hanging = _hanging(read, preview.chosen)
        _counted(read, preview)
    if not preview.chosen:
        because = " (toutes sont gelées)" if preview.held else ""
        raise Refused(f"Aucune fiche à éliminer avant le {before:%d/%m/%Y}{because}.")
    _refuse_withheld(preview.chosen)
    days = [getattr(record, kept.counted_from) for _, record in preview.chosen]
    with store.change(PREPARE) as work:
        made = work.new(
            "elimination",
            owner=owner,
            register_key=entity.key,
            series=entity.label_fr,
            covers_from=min(days),
            covers_until=max(days),
            count=len(days),
            reason=reason or f"Durée échue\u202f: {kept.years} ans. {kept.source}",
            listed=" ".join(record.id for _, record in preview.chosen),
        )
    return Prepared(records.find_again(store, "elimination", made.id).reference, preview)


def write_list(store: Store, reference: str, out: Path) -> None:
    """Write the list for the Archives as a workbook: one row a record, no name of anybody."""
    from prevention_app.exchange.workbook_writer import write_workbook

    with store.reading() as read:
        told = _elimination(read, reference)
        entity = read.catalogue[told.register_key]
        found = _listed(read, told)
        titles = {
            record.id: sum(
                each.owner == record.owner for _, each in _hanging(read, [(entity, record)])
            )
            for record in found
        }
    kept = entity.retention
    day = kept.counted_from if kept else ""
    rows = [(each.reference, getattr(each, day, None), titles[each.id]) for each in found]
    columns = (
        Column("N°", width=18),
        Column("Date", Look.DATE, 12),
        Column("Pièces et fiches jointes", Look.INTEGER, 22),
    )
    state = EliminationState(told.state).label_fr.lower()
    visa = f", visa n° {told.visa_number} du {told.visa_on:%d/%m/%Y}" if told.visa_on else ""
    explanation = (
        f"Département {told.owner}. {told.series}, du {told.covers_from:%d/%m/%Y} au "
        f"{told.covers_until:%d/%m/%Y}, fiches\u202f: {number_text(told.count)}. "
        f"{told.reason} État\u202f: {state}{visa}."
    )
    sheet = RegisterSheet(
        name="Bordereau",
        title=f"Bordereau d’élimination {reference}",
        explanation=explanation,
        tab=Tab.REGISTER,
        table=Table("Bordereau", columns, rows, len(rows)),
    )
    workbook = Workbook(
        title=sheet.title,
        subject=told.series,
        company=f"Département {told.owner}",
        author="Service prévention",
        keywords="archives",
        properties={},
        header=(sheet.title, f"Département {told.owner}"),
        footer=("", ""),
        sheets=(sheet,),
    )
    write_workbook(workbook, out, Progress())


def give_visa(store: Store, reference: str, number: str, on: date) -> Changes:
    """Note the visa of the Archives; only then can the list be executed."""
    with store.reading() as read:
        told = _elimination(read, reference)
    _refuse_unless_decides(store, told.owner)
    if told.state == EliminationState.EXECUTED:
        raise Refused(f"{reference} est déjà exécuté.")
    if not number.strip():
        raise Refused("Le numéro du visa est à remplir.")
    with store.change(VISA) as work:
        work.amend(
            "elimination",
            told,
            visa_number=number.strip(),
            visa_on=on,
            state=EliminationState.VISA,
        )
    return records.written(work)


def foresee_execution(store: Store, reference: str) -> Preview:
    """What executing a list takes away for good."""
    with store.reading() as read:
        told = _elimination(read, reference)
        entity = read.catalogue[told.register_key]
        chosen = [(entity, each) for each in _listed(read, told)]
        return _counted(read, Preview(chosen, _hanging(read, chosen)))


def execute(store: Store, reference: str) -> Changes:
    """Eliminate the records of a list that has its visa, with all that hangs on them."""
    with store.reading() as read:
        told = _elimination(read, reference)
    _refuse_unless_decides(store, told.owner)
    if told.state == EliminationState.EXECUTED:
        raise Refused(f"{reference} est déjà exécuté.")
    if told.visa_on is None or not told.visa_number:
        raise Refused(
            f"{reference} n’a pas encore le visa des Archives départementales\u202f: "
            "rien n’est éliminé sans son numéro et sa date."
        )
    preview = foresee_execution(store, reference)
    reason = f"Bordereau {reference}, visa n° {told.visa_number} du {told.visa_on:%d/%m/%Y}"
    everything = [*preview.chosen, *preview.hanging]
    return _erase(store, preview, EXECUTE, reason, eliminated=everything, executes=told.id)


def _elimination(read: Reader, reference: str) -> Elimination:
    entity, record = read.find(reference)
    if entity.key != "elimination":
        raise NotFound(f"{reference} n’est pas un bordereau d’élimination.")
    return cast("Elimination", record)


def _listed(read: Reader, told: Elimination) -> list[Record]:
    return [
        each
        for ids in journal.chunks(told.listed.split())
        for each in read.records(Query(told.register_key, ids=tuple(ids), with_deleted=True))
    ]


# -- holds -------------------------------------------------------------------------------------


def hold(
    store: Store, named: str, reason: str, *, until: date | None = None, department: str = ""
) -> str:
    """Hold a record, by its reference, or a whole register; returns the hold's own reference."""
    _refuse_without_reason(reason)
    owner, record_id = department or store.department, ""
    if named in store.catalogue or named.upper() in store.catalogue.by_code:
        entity = records.entity_of(store, named)
    else:
        with store.reading() as read:
            entity, record = read.find(named)
        owner, record_id = record.owner, record.id
    _refuse_unless_decides(store, owner)
    with store.change(HOLD) as work:
        made = work.new(
            "legal_hold",
            owner=owner,
            register_key=entity.key,
            record=record_id or None,
            reason=reason,
            from_on=store.today(),
            until=until,
        )
    return records.find_again(store, "legal_hold", made.id).reference


def release(store: Store, reference: str) -> Changes:
    """End a legal hold; what it held follows its rules again."""
    with store.reading() as read:
        entity, record = read.find(reference)
    if entity.key != "legal_hold":
        raise NotFound(f"{reference} n’est pas un gel.")
    _refuse_unless_decides(store, record.owner)
    with store.change(RELEASE) as work:
        work.delete("legal_hold", record)
    return records.written(work)


# -- refusals ----------------------------------------------------------------------------------


def _refuse_system(entity: Entity) -> None:
    if entity.system or entity.reference_set:
        raise Refused(f"«{NO_BREAK}{entity.label_fr}{NO_BREAK}» est tenu par le programme.")


def _refuse_without_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("Le motif est à remplir.")


def _refuse_unless_decides(store: Store, department: str) -> None:
    if not erasing.decides(store, department):
        raise Refused(
            "Seuls un conseiller ou un administrateur de tout le département "
            f"{department} décident de ce qui est effacé ou éliminé."
        )


def _refuse_held(standing: Sequence[LegalHold], parts: Sequence[Part]) -> None:
    found = [
        (record, each)
        for entity, record in parts
        if (each := _hold_on(standing, entity, record)) is not None
    ]
    if found:
        named = ", ".join(
            f"{record.reference} ({each.reference})" for record, each in found[:_MOST_NAMED]
        )
        more = f", et {len(found) - _MOST_NAMED} autres" if len(found) > _MOST_NAMED else ""
        raise Refused(
            f"Un gel protège {named}{more}\u202f: rien n’a été effacé. Levez-le d’abord, ou "
            "préparez un autre bordereau."
        )


def _refuse_withheld(parts: Sequence[Part]) -> None:
    lacking = [record.reference for _, record in parts if record.withheld]
    if lacking:
        raise Refused(
            f"{', '.join(lacking[:_MOST_NAMED])}\u202f: une part n’a pas été communiquée à cet "
            "ordinateur, qui ne peut donc pas l’effacer. Un ordinateur qui voit tout le peut."
        )
