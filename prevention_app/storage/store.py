"""The one door to the data: reading, and writing by named changes."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from prevention_app.catalogue.description import Catalogue, Entity, Record, Value
from prevention_app.catalogue.values import from_stored
from prevention_app.domain.merging import DELETED, Stored
from prevention_app.errors import Busy, Damaged, NotFound, Refused
from prevention_app.storage import (
    acts,
    apply,
    aside,
    definitions,
    derived,
    drafts,
    engine,
    founding,
    history,
    identity,
    journal,
    keys,
    place,
    receive,
    reference_sets,
    rights,
    search,
    shipped,
    tables,
    trusted,
    withdrawals,
)
from prevention_app.storage import work as works
from prevention_app.storage.aside import KeptAside
from prevention_app.storage.engine import Connection, writing
from prevention_app.storage.entries import Entry, NewLeaf
from prevention_app.storage.history import Past
from prevention_app.storage.keys import StationKey
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.rights import Standing
from prevention_app.storage.work import SHARED, Changes, Work

_NOTICE = """Espace de travail du programme Prévention.

Ce dossier contient vos registres (data.db), leurs pièces jointes (files) et vos brouillons
(drafts). Ne le modifiez pas à la main et ne le placez pas sur un partage réseau ; pour en garder
une copie, utilisez « Sauvegarder » dans le programme.
"""

_DIGITS = 15
"""A number of a transaction has no more: what is longer was not written by us."""


class Store:
    """An open workspace of one station."""

    def __init__(
        self, folder: Path, declared: Catalogue, today: Callable[[], date] = date.today
    ) -> None:
        """Open a workspace; see `create` for a new one. Raises PreventionError with the reason."""
        if not (folder / engine.DATABASE).exists():
            raise NotFound(
                f"Aucun espace de travail dans « {folder} ». Créez-le d’abord (commande init)."
            )
        self.folder = folder
        self.today = today
        self._declared = declared
        self._engine = engine.open_engine(folder)
        self._readers = engine.open_engine(folder, keeps_one=True)
        self.patience_s: float = engine.WAIT_SECONDS
        """How long a change waits for its turn to write; a window asks sooner, and tries again."""
        with engine.opening(folder), self._engine.connect() as connection:
            if not engine.format_of(connection):
                raise Damaged(_foreign(folder))
            engine.migrate(connection, folder)
            if not journal.get_meta(connection, "station"):
                raise Damaged(_foreign(folder))
            self.catalogue = self._prepared(connection)
            self.station = journal.get_meta(connection, "station")
            self.author = journal.get_meta(connection, "author")
            self.department = journal.get_meta(connection, "department")
            restored = journal.get_meta(connection, "restored") == "1"
            first = founding.unwritten(connection)
            traces = journal.get_meta(connection, _TRACES) == "1"
            founded = bool(acts.roots(connection)) or not journal.position(connection)
        if traces:
            self._forget_erased()
        self._rights: tuple[str, Standing] | None = None
        self._key = keys.find_key(self.station, folder)
        if self._key is None or restored:
            self._become_new_station(first)
        elif first is not None:
            self._enrol(first)
        elif not founded:
            self._found_circle()

    @staticmethod
    def is_current(folder: Path, declared: Catalogue) -> bool:
        """Whether a workspace opens at once: else its tables are made again first, which lasts.

        What is no workspace, or not one for this program, is told by opening it.
        """
        if not (folder / engine.DATABASE).exists():
            return True
        opened = engine.open_engine(folder)
        try:
            with engine.opening(folder), opened.connect() as connection:
                newest = max(number for number, _ in engine.migration_files())
                known = engine.format_of(connection)
                if not 0 < known <= newest:
                    return True
                return known == newest and _follows(connection, declared)
        finally:
            opened.dispose()

    @staticmethod
    def try_key(folder: Path) -> None:
        """Raise PassphraseNeeded where a workspace would not open without another passphrase."""
        opened = engine.open_engine(folder)
        try:
            with engine.opening(folder), opened.connect() as connection:
                station = journal.get_meta(connection, "station")
            keys.find_key(station, folder)
        finally:
            opened.dispose()

    @classmethod
    def create(
        cls,
        folder: Path,
        declared: Catalogue,
        *,
        department: str,
        name: str,
        user: str,
        departments: Sequence[str] = (),
        today: Callable[[], date] = date.today,
    ) -> Store:
        """Make a workspace: a station in a circle of its own, its user adviser and administrator.

        `departments` names those in which the station holds roles besides its own.
        """
        place.refuse_network(folder)
        with engine.opening(folder):
            if folder.exists() and any(folder.iterdir()):
                raise Refused(f"Le dossier « {folder} » n’est pas vide : rien n’y a été créé.")
            for part in ("files", "drafts"):
                (folder / part).mkdir(parents=True, exist_ok=True)
            (folder / "LISEZ-MOI.txt").write_text(_NOTICE, encoding="utf-8")
        made = engine.open_engine(folder)
        station = keys.new_key(folder).station
        first = founding.First(name, user, list(dict.fromkeys((department, *departments))))
        with engine.opening(folder), made.connect() as connection:
            engine.migrate(connection, folder)
            with writing(connection):
                founding.begin(connection, station, department, first)
        made.dispose()
        return cls(folder, declared, today)

    def _enrol(self, first: founding.First) -> None:
        """Journal this station, its user and the roles it holds: what `init` writes."""
        with self._engine.connect() as connection, writing(connection):
            code = founding.own_code(connection, self.station)
        work = Work(self.catalogue, first.departments, self.department, self.why_no_role)
        record = work.new_of_station(
            self.station,
            "station",
            station_id=self.station,
            name=first.name,
            station_code=code,
            public_key=self.key.public,
        )
        work.new_of_station(self.station, "user", name=first.user)
        roots = self._roots_given(work, first.departments, record.id)
        self._commit(work, works.ENROL, author=self.author, roots=roots)

    def _found_circle(self) -> None:
        """Give a workspace made before there were rights the keys of its departments.

        Whoever is known in it then is of its own circle, and keeps the roles written down.
        """
        with self.reading() as read:
            record = next(
                each.id
                for each in read.records(Query("station"))
                if getattr(each, "station_id", "") == self.station
            )
            departments = founding.departments_of(read.connection, self.station)
        departments = departments or [self.department]
        work = Work(self.catalogue, departments, self.department, self.why_no_role)
        roots = self._roots_given(work, departments, record)
        self._commit(work, works.ENROL, author=self.author, roots=roots)

    def _roots_given(self, work: Work, departments: Iterable[str], record: str) -> dict[str, str]:
        with self.connecting() as connection:
            return founding.found(connection, work, self.station, record, departments)

    def _become_new_station(self, first: founding.First | None) -> None:
        """A copied, moved or restored workspace goes on under an identity of its own.

        `first` is what its source had still to say of itself.
        """
        if first is None:
            with self.reading() as read:
                first = founding.as_copy(read, self.station, self.author, self.department)
        self._key = keys.new_key(self.folder)
        self.station = self._key.station
        self.author = founding.first_user(self.station, self.department)
        with self._engine.connect() as connection, writing(connection):
            founding.note_former(connection)
            founding.begin(connection, self.station, self.department, first)
            connection.exec_driver_sql("DELETE FROM counter")
            journal.set_meta(connection, "restored", "0")
        self._enrol(first)

    def _prepared(self, connection: Connection) -> Catalogue:
        """The tables as declared; made again from the journal where the declarations moved on.

        Where only the order of lists did, the indexes alone are made again.

        Where they did not, nothing is written: who opens does not wait for who writes.
        """
        if (
            _follows(connection, self._declared)
            and journal.get_meta(connection, "shipped") == shipped.shipped_digest()
        ):
            self._defined = journal.get_meta(connection, _DEFINED)
            return definitions.with_definitions(connection, self._declared)
        with writing(connection):
            changed = tables.adapt(connection, self._declared)
            held = journal.get_meta(connection, "tables")
            if changed or held != tables.declarations_digest(self._declared):
                return self._rebuild_tables(connection)
            self._defined = journal.get_meta(connection, _DEFINED)
            catalogue = definitions.with_definitions(connection, self._declared)
            tables.adapt(connection, catalogue)
            journal.set_meta(connection, "orders", tables.orders_digest(self._declared))
            if journal.get_meta(connection, "shipped") != shipped.shipped_digest():
                shipped.load_shipped(connection, catalogue)
        return catalogue

    def close(self) -> None:
        """Let go of the database."""
        self._readers.dispose()
        self._engine.dispose()

    # -- reading ---------------------------------------------------------------------------

    @contextlib.contextmanager
    def reading(self) -> Iterator[Reader]:
        """Read one consistent state of the data."""
        with self._readers.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                self._follow_definitions(connection)
                yield Reader(connection, self.catalogue)
            finally:
                connection.exec_driver_sql("ROLLBACK")

    @contextlib.contextmanager
    def connecting(self) -> Iterator[Connection]:
        """A bare connection, for what this station keeps beside the journal."""
        with self._engine.connect() as connection:
            yield connection

    @property
    def departments(self) -> list[str]:
        """The departments in which this station holds a role, its own first."""
        with self.reading() as read:
            owners = self._standing(read.connection).rights.departments(self.station)
        return sorted(owners, key=lambda owner: (owner != self.department, owner))

    def why_no_role(self, department: str) -> str:
        """Why this station may write nothing in a department, as a French sentence."""
        with self.reading() as read:
            rights_ = self._standing(read.connection).rights
            return withdrawals.why_no_role(read, rights_, self.station, department)

    def _standing(self, connection: Connection) -> Standing:
        """What may be written here, as the acts say that are here now."""
        edition = acts.edition(connection)
        if self._rights is None or self._rights[0] != edition:
            self._rights = (edition, rights.standing(connection, self.catalogue, self.station))
        return self._rights[1]

    def kept_aside(self) -> list[KeptAside]:
        """What came from stations that had no right to write it, the newest first."""
        with self.reading() as read:
            return aside.kept_aside(read.connection, self.catalogue)

    def admit(self, kept: KeptAside) -> Changes:
        """Let what was kept aside count all the same; administrators may."""
        with self.change("Admettre une écriture mise de côté") as work:
            aside.admit(work, kept, self.department)
        assert work.done is not None  # noqa: S101  (an admission was written)
        return work.done

    def trust(self, roots: Mapping[str, str], *, department: str = "", author: str = "") -> None:
        """Trust these keys of departments, as people told them, and judge all that is held.

        Who joins also names the department to belong to, and the user's record there.
        """
        with self._engine.connect() as connection, writing(connection):
            self._follow_definitions(connection)
            acts.set_roots(connection, roots)
            if department:
                journal.set_meta(connection, "department", department)
                journal.set_meta(connection, "author", author)
            trusted.follow(connection, self.catalogue)
            judged = rights.follow_acts(connection, self.catalogue)
            self._follow_judgement(connection, judged)
            self._follow_recognitions(connection, judged)
        if department:
            self.department, self.author = department, author
        if judged.erased:
            self._forget_erased()

    def _follow_judgement(self, connection: Connection, judged: rights.Judged) -> None:
        """Make the tables follow what went aside or came back."""
        apply.apply_records(connection, self.catalogue, sorted(judged.touched))
        self._follow_registers(connection, judged.registers, judged)
        if judged.erased:
            self._note_erased(connection, judged.erased)

    def _follow_recognitions(self, connection: Connection, judged: rights.Judged) -> None:
        """Trust what acts and recognitions now say, and judge by that, until nothing moves."""
        while trusted.follow(connection, self.catalogue):
            more = rights.judge_again(connection, self.catalogue)
            self._follow_judgement(connection, more)
            judged.touched |= more.touched
            judged.erased |= more.erased

    def _follow_registers(
        self, connection: Connection, codes: Collection[str], judged: rights.Judged
    ) -> None:
        """Know the stations' codes and the users' own registers, where they changed."""
        if self.catalogue["station"].code in judged.registers:
            derived.tell_again(connection)
        if any(self.catalogue[each].code in codes for each in _DEFINITIONS):
            # A definition makes fields of values that were kept unread until now.
            self.catalogue = self._rebuild_tables(connection)

    @property
    def key(self) -> StationKey:
        """This station's own key: signs what it hands on, opens what is sealed to it."""
        assert self._key is not None  # noqa: S101  (set by the constructor)
        return self._key

    @property
    def key_in_key_store(self) -> bool:
        """Whether the private key lies in the system's key store (else in a file)."""
        return self._key is not None and self._key.in_key_store

    # -- writing ---------------------------------------------------------------------------

    @contextlib.contextmanager
    def change(self, name: str, *, author: str = "", reason: str = "") -> Iterator[Work]:
        """Write: all that happens inside is checked and becomes one entry of the journal.

        `name` is what undo and history call it (a French sentence of ours, never typed text);
        `reason` is what the person typed. After the block, `work.done` of the yielded work tells
        what was written.
        """
        work = self.draft()
        yield work
        self.write(work, name, author=author, reason=reason)

    def is_being_written(self) -> bool:
        """Whether another process is writing, so that a change would have to wait for its turn."""
        try:
            with self._engine.connect() as connection, writing(connection, 0):
                return False
        except Busy:
            return True

    def draft(self) -> Work:
        """An open change, to be filled in several steps and closed by `write`."""
        return Work(self.catalogue, self.departments, self.department, self.why_no_role)

    def write(
        self,
        work: Work,
        name: str,
        *,
        author: str = "",
        reason: str = "",
        roots: Mapping[str, str] | None = None,
    ) -> None:
        """Check what an open change gathered and make it one entry of the journal.

        `roots` are the keys to trust from then on, where it founds a department.
        """
        if not works.is_writable(reason):
            raise Refused("Le motif contient un caractère qui ne peut pas être enregistré.")
        if work.touched:
            work.check(self.today())
            author = author or self.author
            work.done = self._commit(work, name, author=author, reason=reason, roots=roots)

    def _commit(
        self,
        work: Work,
        name: str,
        *,
        author: str,
        reason: str = "",
        undoes: int | None = None,
        roots: Mapping[str, str] | None = None,
    ) -> Changes:
        with self._engine.connect() as connection, writing(connection, self.patience_s):
            if roots is not None:
                acts.set_roots(connection, roots)
                trusted.follow(connection, self.catalogue)
                founding.is_written(connection)
            self._follow_definitions(connection)
            self._refuse_unknown(work)
            self._refuse_deleted(connection, work)
            self._refuse_dangling(connection, work)
            parts = self._standing(connection).parts
            scopes = works.Scopes(connection, self.catalogue, work, parts)
            counters = works.Counters(connection)
            saying = partial(works.leaves_for, message=name, reason=reason, undoes=undoes)
            leaves, created = self._leaves(connection, work, scopes, counters, saying)
            self._refuse_without_right(connection, work, leaves, scopes)
            counters.keep()
            number, _ = journal.append(
                connection,
                station=self.station,
                key=self.key,
                author=author,
                leaves=leaves,
                message=name,
                undoes=undoes,
            )
            self._apply(connection, work, leaves, created)
            erased = self._follow_own(connection, work, {each.register for each in leaves})
            done = Changes(
                self._transaction(connection, number),
                name,
                tuple((each.entity.key, each.record.id) for each in work.touched.values()),
            )
        if erased:
            self._forget_erased()
        return done

    def _leaves(
        self,
        connection: Connection,
        work: Work,
        scopes: works.Scopes,
        counters: works.Counters,
        saying: Callable[..., list[NewLeaf]],
    ) -> tuple[list[NewLeaf], list[tuple[works.Touched, int]]]:
        """The leaves of all records touched, and the number that each new one is given."""
        now = journal.moment(connection)
        leaves: list[NewLeaf] = []
        created: list[tuple[works.Touched, int]] = []
        held = journal.leaves_of_many(
            connection, [key for key, each in work.touched.items() if not each.created]
        )
        calm = self._nothing_hidden(connection)
        # Leaves of one record stand behind its plain one: those without one come first.
        for touched in sorted(work.touched.values(), key=lambda each: each.plain):
            unseen = {}
            counter = None
            if touched.created:
                counter = counters.next(touched.record.owner, touched.entity.code)
                created.append((touched, counter))
            else:
                known = held.get(touched.record.id, [])
                works.erasure_writes(touched, known)
                if not calm or touched.record.read_at != now:
                    unseen = works.unseen_entries(connection, touched, known)
            scope = scopes.written(touched)
            leaves += saying(touched, scope=scope, counter=counter, unseen=unseen)
        return leaves, created

    def _follow_own(self, connection: Connection, work: Work, codes: set[str]) -> bool:
        """Let all else follow what was just written; returns whether bytes went."""
        judged = rights.Judged()
        if not codes.isdisjoint(acts.CODES):
            judged = rights.follow_acts(connection, self.catalogue)
            self._follow_judgement(connection, judged)
        if codes & trusted.HEARD:
            self._follow_recognitions(connection, judged)
        erased = [key for key, each in work.touched.items() if each.erases]
        if erased:
            self._note_erased(connection, erased)
        if self.catalogue["station"].code in codes:
            derived.learn_codes(connection)
        if any(self.catalogue[each].code in codes for each in _DEFINITIONS):
            # A definition makes fields of values that were kept unread until now.
            self.catalogue = self._rebuild_tables(connection)
        return bool(erased or judged.erased)

    def _refuse_without_right(
        self,
        connection: Connection,
        work: Work,
        leaves: Sequence[NewLeaf],
        scopes: works.Scopes,
    ) -> None:
        """Raise Refused for what this station may not write."""
        number = journal.position(connection).get(self.station, 0) + 1
        if any(leaf.register in acts.CODES for leaf in leaves):
            # Acts of the same change count already: who founds gives itself its first role.
            fresh = acts.Fresh(self.station, number, leaves)
            standing = rights.standing(connection, self.catalogue, self.station, fresh)
        else:
            standing = self._standing(connection)
        for leaf in leaves:
            standing.refuse(leaf, number, work.touched[leaf.body["r"]])
        for touched in work.touched.values():
            if not touched.created and touched.record.owner in standing.limited:
                standing.refuse_elsewhere(touched, scopes.stored(touched), number)

    def _note_erased(self, connection: Connection, records: Iterable[str]) -> None:
        """Bytes were erased: until the file is written anew, traces of them may be in it.

        What was typed over these records, and not saved, may hold them too.
        """
        drafts.forget(self.folder, records)
        search.forget_erased_words(connection)
        journal.set_meta(connection, _TRACES, "1")

    def _forget_erased(self) -> None:
        """Take the traces off the disk, now or when the workspace is next opened."""
        removed = self._remove_erased_files()
        if engine.rewrite(self._engine) and removed:
            with self._engine.connect() as connection, writing(connection):
                journal.set_meta(connection, _TRACES, "")

    def _remove_erased_files(self) -> bool:
        """Remove the bytes of erased attachments, and note for restored backups what went."""
        from prevention_app.storage import automatic_backup, erased_files, erasure_notes

        with self._engine.connect() as connection:
            gone = sorted(erased_files.digests(connection, self.catalogue))
            notes = erasure_notes.of_journal(connection, self.catalogue)
            with writing(connection):
                connection.exec_driver_sql(
                    "DELETE FROM kept_original WHERE digest IN (SELECT value FROM json_each(?))",
                    (json.dumps(gone),),
                )
        erasure_notes.add(automatic_backup.folders(self.folder), notes)
        return erased_files.remove(self.folder, gone)

    def _nothing_hidden(self, connection: Connection) -> bool:
        """No conflict, nothing absent or aside: who read the newest state has seen everything."""
        open_conflicts = connection.exec_driver_sql("SELECT EXISTS (SELECT 1 FROM conflict)")
        hidden = journal.has_absent(connection) or journal.has_aside(connection)
        return not open_conflicts.scalar() and not hidden

    def _apply(
        self,
        connection: Connection,
        work: Work,
        leaves: Sequence[NewLeaf],
        created: Sequence[tuple[works.Touched, int]],
    ) -> None:
        for leaf in leaves:
            receive.erase_named(connection, leaf, leaf.body)
        by_entity: dict[str, list[apply.RecordState]] = {}
        for touched, counter in created:
            state = works.created_state(touched, self.station, counter)
            by_entity.setdefault(touched.entity.key, []).append(state)
        for key, states in by_entity.items():
            apply.write_states(connection, self.catalogue[key], states)
        edited = [key for key, each in work.touched.items() if not each.created]
        apply.apply_records(connection, self.catalogue, edited)

    def _refuse_unknown(self, work: Work) -> None:
        """Another process may have taken away a register of the users' own meanwhile."""
        for touched in work.touched.values():
            if touched.entity.key not in self.catalogue:
                raise Refused(f"Le registre « {touched.entity.label_fr} » n’existe plus ici.")

    def _refuse_deleted(self, connection: Connection, work: Work) -> None:
        """A deleted record takes nothing but its return, an erasure, or the end of a conflict."""
        wanted: dict[str, list[str]] = {}
        for record_id, touched in work.touched.items():
            if not touched.created and touched.values and touched.values.get(DELETED) is not False:
                wanted.setdefault(tables.table_name(touched.entity), []).append(record_id)
        for table, ids in wanted.items():
            for chunk in journal.chunks(ids):
                marks = ", ".join("?" * len(chunk))
                deleted = connection.exec_driver_sql(
                    f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE _deleted = 1 '
                    f"AND _id IN ({marks}) AND _id NOT IN "
                    f"(SELECT record FROM conflict WHERE field = '{DELETED}'))",
                    tuple(chunk),
                ).scalar()
                if deleted:
                    raise Refused("Cette fiche est supprimée ; rétablissez-la d’abord.")

    def _refuse_dangling(self, connection: Connection, work: Work) -> None:
        """A reference written here must lead to a record that is here or being made."""
        wanted: dict[str, dict[str, str]] = {}
        for touched in work.touched.values():
            for key, value in touched.values.items():
                each = touched.entity.by_key.get(key)
                if each and each.target and value and str(value) not in work.touched:
                    wanted.setdefault(each.target, {})[str(value)] = each.label_fr
        for register, labels in wanted.items():
            target = self.catalogue[register]
            if target.reference_set:
                continue
            for chunk in journal.chunks(list(labels)):
                marks = ", ".join("?" * len(chunk))
                held = connection.exec_driver_sql(
                    f'SELECT _id FROM "{tables.table_name(target)}" WHERE _id IN ({marks})',
                    tuple(chunk),
                ).scalars()
                for missing in set(chunk) - set(held):
                    raise Refused(f"« {labels[missing]} » désigne une fiche qui n’existe pas ici.")

    def _transaction(self, connection: Connection, number: int, station: str = "") -> str:
        code = connection.exec_driver_sql(
            "SELECT code FROM station_code WHERE station = ? ORDER BY since DESC",
            (station or self.station,),
        ).scalar()
        return f"{code or identity.SHIPPED_CODE}.{number}"

    # -- undo, redo, history ---------------------------------------------------------------

    def undo(self, transaction: str = "", *, only_possible: bool = False) -> tuple[Changes, str]:
        """Take back a change (my last one unless named) by a new one; returns it and its name.

        All or nothing, unless `only_possible` asks for the rest of what has moved on.
        """
        with self.reading() as read:
            number = (
                self._number_of(transaction)
                if transaction
                else history.last_undoable(read.connection, self.station, self.author)
            )
            if number is None:
                raise Refused("Il n’y a rien à annuler.")
            undone = history.is_undone(read.connection, self.station, number)
            if undone and not only_possible:
                raise Refused("Ce changement est déjà annulé.")
            name = self._name_of(read.connection, number)
        return self._reverse(number, works.UNDO, only_possible=only_possible), name

    def redo(self) -> tuple[Changes, str]:
        """Take back my last undo, while nothing of mine came after it."""
        with self.reading() as read:
            number = history.last_undo(read.connection, self.station, self.author)
            if number is None:
                raise Refused("Il n’y a rien à rétablir.")
            name = self._name_of(read.connection, self._undone_by(read.connection, number))
        return self._reverse(number, works.REDO, only_possible=False), name

    def undoable(self) -> str:
        """The name of the change that undo would take back; empty when there is none."""
        with self.reading() as read:
            number = history.last_undoable(read.connection, self.station, self.author)
            return self._name_of(read.connection, number) if number else ""

    def redoable(self) -> str:
        """The name of the change that redo would bring back; empty when there is none."""
        with self.reading() as read:
            number = history.last_undo(read.connection, self.station, self.author)
            if number is None:
                return ""
            return self._name_of(read.connection, self._undone_by(read.connection, number))

    def _number_of(self, transaction: str) -> int:
        code, _, number = transaction.rpartition(".")
        with self.reading() as read:
            station = read.connection.exec_driver_sql(
                "SELECT station FROM station_code WHERE code = ? ORDER BY station <> ?",
                (code.upper(), self.station),
            ).scalar()
        if not (number.isascii() and number.isdecimal() and len(number) <= _DIGITS):
            station = None
        if station != self.station:
            raise NotFound(f"« {transaction} » n’est pas un changement fait sur cet ordinateur.")
        return int(number)

    def _undone_by(self, connection: Connection, number: int) -> int:
        held = connection.exec_driver_sql(
            "SELECT undoes FROM head WHERE station = ? AND number = ?", (self.station, number)
        ).scalar()
        return int(held) if held is not None else number

    def _name_of(self, connection: Connection, number: int) -> str:
        row = connection.exec_driver_sql(
            "SELECT message, undoes FROM head WHERE station = ? AND number = ?",
            (self.station, number),
        ).one_or_none()
        if row is None:
            raise NotFound("Ce changement n’existe pas sur cet ordinateur.")
        if row[0] in (works.UNDO, works.REDO) and row[1] is not None:
            return self._name_of(connection, int(row[1]))
        return str(row[0])

    def _reverse(self, number: int, message: str, *, only_possible: bool) -> Changes:
        work = Work(self.catalogue, self.departments, self.department, self.why_no_role)
        with self.reading() as read:
            plan = history.plan_reversal(read.connection, self.catalogue, self.station, number)
            if plan.moved_on and not only_possible:
                raise Refused(self._moved_on(read, plan))
            records = self._records_of(read, plan)
            for (entity, record_id), writes in plan.writes.items():
                record = records[record_id]
                for key, stored in writes.items():
                    self._write_back(work, entity, record, key, stored)
        if not work.touched:
            raise Refused("Il n’y a rien à annuler dans ce changement.")
        return self._commit(work, message, author=self.author, undoes=number)

    def _records_of(self, read: Reader, plan: history.Reversal) -> dict[str, Record]:
        wanted: dict[str, list[str]] = {}
        for entity, record_id in plan.writes:
            wanted.setdefault(entity.key, []).append(record_id)
        return {
            record.id: record
            for register, ids in wanted.items()
            for chunk in journal.chunks(ids)
            for record in read.records(Query(register, ids=tuple(chunk), with_deleted=True))
        }

    def _write_back(
        self, work: Work, entity: Entity, record: Record, key: str, stored: Stored
    ) -> None:
        if key == DELETED:
            work.mark_deleted(entity.key, record, deleted=stored is True)
        elif key == apply.SAME_AS:
            work.join(entity.key, record, None if stored is None else str(stored))
        else:
            each = entity.by_key.get(key)
            if each is None:
                raise Refused(
                    f"Ce changement touche un champ de « {entity.label_fr} » qui n’est pas affiché "
                    f"ici ({key}) : il ne s’annule pas."
                )
            value = from_stored(each, stored)
            work.write_over(entity.key, record, {key: value}, settles=True)

    def _moved_on(self, read: Reader, plan: history.Reversal) -> str:
        lines: list[str] = []
        for entity, record_id, name in plan.moved_on[:10]:
            record = read.get(entity.key, record_id)
            each = entity.by_key.get(name)
            label = "supprimée depuis" if name == DELETED else name
            lines.append(f"{record.reference} : {each.label_fr if each else label}")
        more = len(plan.moved_on) - len(lines)
        return (
            "Ce changement ne peut pas être annulé en entier : des valeurs ont été modifiées "
            "depuis, ou d’autres fiches s’en servent. "
            + " ; ".join(lines)
            + (f" ; et {more} autres" if more > 0 else "")
            + "."
        )

    def history(self, record_id: str) -> list[tuple[str, Past]]:
        """All that was written in a record, oldest first, each with its transaction."""
        with self.reading() as read:
            found = history.history(read.connection, record_id)
            return [
                (self._transaction(read.connection, each.number, each.station), each)
                for each in found
            ]

    # -- published catalogues --------------------------------------------------------------

    def replace_reference_rows(
        self, edition: str, set_key: str, rows: Mapping[str, Iterable[Mapping[str, Value]]]
    ) -> dict[str, int]:
        """Put an edition's rows (by register key) in place of the earlier ones.

        Tables that the edition does not hold stay as they are. Returns the rows of each.
        """
        with self._engine.connect() as connection, writing(connection):
            counts = {
                key: reference_sets.replace_rows(connection, self.catalogue[key], each)
                for key, each in rows.items()
            }
            journal.set_meta(connection, f"reference:{set_key}", edition)
        return counts

    # -- the journal itself ----------------------------------------------------------------

    def entries_after(self, known: dict[str, int]) -> list[Entry]:
        """The entries that a receiver with this version vector lacks."""
        with self.reading() as read:
            return journal.entries_after(read.connection, known)

    def position(self) -> dict[str, int]:
        """This workspace's version vector."""
        with self.reading() as read:
            return read.at.vector

    def receive(self, incoming: Sequence[Entry]) -> receive.Received:
        """Take in entries written elsewhere; all that can be applied is, in one transaction."""
        with self._engine.connect() as connection, writing(connection):
            self._follow_definitions(connection)
            own = journal.position(connection).get(self.station, 0)
            done = receive.receive(connection, incoming)
            judged = rights.take_in(connection, self.catalogue, done)
            apply.apply_records(connection, self.catalogue, sorted(done.touched))
            derived.learn_codes(connection)
            self._follow_registers(connection, done.registers, judged)
            if trusted.HEARD & done.registers:
                self._follow_recognitions(connection, judged)
                done.touched |= judged.touched
                done.erased |= bool(judged.erased)
            if journal.position(connection).get(self.station, 0) > own:
                derived.tell_again(connection)  # work of ours that had been lost here came back
            if done.erased:
                self._note_erased(connection, drafts.erased_among(connection, done.touched))
        if done.erased:
            self._forget_erased()
        return done

    def rebuild(self) -> int:
        """Make all tables again from the journal; returns how many records it holds."""
        with self._engine.connect() as connection, writing(connection):
            self.catalogue = self._rebuild_tables(connection)
            return int(
                connection.exec_driver_sql(
                    "SELECT count(DISTINCT record) FROM leaf WHERE record IS NOT NULL"
                ).scalar_one()
            )

    def _rebuild_tables(self, connection: Connection) -> Catalogue:
        from prevention_app.storage.rebuild import rebuild_tables

        catalogue = rebuild_tables(connection, self._declared)
        journal.set_meta(connection, "tables", tables.declarations_digest(self._declared))
        journal.set_meta(connection, "orders", tables.orders_digest(self._declared))
        self._defined = secrets.token_hex(16)
        journal.set_meta(connection, _DEFINED, self._defined)
        return catalogue

    def _follow_definitions(self, connection: Connection) -> None:
        """Know the registers and fields that another process added to this workspace."""
        defined = journal.get_meta(connection, _DEFINED)
        if defined != self._defined:
            self.catalogue = definitions.with_definitions(connection, self._declared)
            self._defined = defined


def _follows(connection: Connection, declared: Catalogue) -> bool:
    """Whether rows and indexes are those that these declarations make."""
    return journal.get_meta(connection, "tables") == tables.declarations_digest(
        declared
    ) and journal.get_meta(connection, "orders") == tables.orders_digest(declared)


def _foreign(folder: Path) -> str:
    return (
        f"La base de « {folder} » n’est pas un espace de travail de ce programme : "
        "reprenez une sauvegarde."
    )


_DEFINITIONS = ("register_definition", "field_definition")
_DEFINED = "definitions"
"""Names in the workspace the edition of the users' own registers and fields: a random word."""
_TRACES = "traces"
"""Names in the workspace that bytes were erased of which the file may still hold traces."""

__all__ = ["SHARED", "Store"]
