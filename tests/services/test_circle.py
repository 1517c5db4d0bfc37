"""Who belongs: enrolment by files, rights taken back, the department's key, recognition."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey
from openpyxl import load_workbook

from prevention_app.catalogue.vocabulary import Role
from prevention_app.errors import NotFound, PreventionError, Refused
from prevention_app.exchange import enrolment_file
from prevention_app.exchange.enrolment_file import Kind
from prevention_app.services import circle, department_key, enrolment, recognition, safety
from prevention_app.services.progress import Progress
from prevention_app.storage import circle as known
from prevention_app.storage import entries, identity, keys, newcomers
from prevention_app.storage.entries import Entry, NewLeaf
from prevention_app.storage.query import Query
from prevention_app.storage.verify import check
from tests.desks import TODAY, Desk, MakeDesk, Use, create, enrol, tell


def add(desk_: Desk, name: str, register: str = "site") -> str:
    with desk_.store.change("Ajouter") as work:
        record = work.new(register, name=name)
    with desk_.store.reading() as read:
        return read.get(register, record.id).reference


def sites(desk_: Desk) -> set[str]:
    with desk_.store.reading() as read:
        return {str(getattr(each, "name", "")) for each in read.records(Query("site"))}


def roles(desk_: Desk, station: str) -> list[Role]:
    found = [each.roles for each in circle.members(desk_.store) if each.station_id == station]
    return found[0] if found else []


class TestEnrolment:
    def test_two_lone_advisers_become_one_circle(self, desk: MakeDesk) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        add(ana, "Dépôt d’Ana")
        add(luc, "Dépôt de Luc")
        enrol(ana, luc)
        assert sites(luc) == {"Dépôt d’Ana", "Dépôt de Luc"}
        tell(luc, ana)
        assert sites(ana) == {"Dépôt d’Ana", "Dépôt de Luc"}  # of before, and of now
        add(luc, "Atelier")
        tell(luc, ana)
        assert "Atelier" in sites(ana)
        for each in (ana, luc):
            assert known.roots(each.store) == known.roots(ana.store)
            assert roles(each, luc.store.station) == [Role.ADVISER]
            assert check(each.store) == []
            assert check(each.reopened()) == []

    def test_it_does_not_matter_who_admits_whom(self, desk: MakeDesk) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        add(ana, "A")
        add(luc, "L")
        enrol(luc, ana, Role.ADVISER)
        tell(ana, luc)
        assert sites(ana) == sites(luc) == {"A", "L"}
        assert known.roots(ana.store) == known.roots(luc.store)

    def test_the_list_says_who_is_who(self, desk: MakeDesk) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        enrol(ana, luc, Role.ASSISTANT)
        tell(luc, ana)
        first, second = sorted(circle.members(ana.store), key=lambda each: each.name)
        assert (first.name, first.user, first.roles) == (
            "PC de Ana",
            "Ana",
            [Role.ADVISER, Role.ADMINISTRATOR],
        )
        assert (second.name, second.user, second.roles) == ("PC de Luc", "Luc", [Role.ASSISTANT])
        assert second.department == "45"
        assert second.revoked_after is None
        assert second.since == second.last_heard is not None
        assert second.last_number == 1

    def test_an_assistant_writes_on_the_own_site_only(self, desk: MakeDesk) -> None:
        ana, lea = desk("45", "Ana"), desk("45", "Léa")
        add(ana, "Collège")
        add(ana, "Parc")
        part = known.part_named(ana.store, "45", site="collège")
        enrol(ana, lea, Role.ASSISTANT, part=part)
        with lea.store.reading() as read:
            by_name = {getattr(each, "name", ""): each.id for each in read.records(Query("site"))}

        def note(site: str) -> None:
            with lea.store.change("Noter") as work:
                work.new(
                    "health_safety_entry",
                    site=by_name[site],
                    reported_on=TODAY,
                    author="Léa",
                    observation="Marche cassée",
                )

        note("Collège")
        with pytest.raises(Refused):
            note("Parc")

    def test_a_station_of_another_department_moves_to_the_one_it_asked_for(
        self, desk: MakeDesk
    ) -> None:
        ana, luc = desk("45", "Ana"), desk("28", "Luc")
        add(luc, "De l’Eure-et-Loir")
        enrol(ana, luc)
        assert luc.store.department == "45"
        assert luc.reopened().department == "45"
        add(luc, "Du Loiret")
        tell(luc, ana)
        assert sites(ana) == {"Du Loiret"}
        assert sites(luc) == {"Du Loiret"}  # what it wrote for another department is aside
        assert [each.user for each in circle.members(ana.store)].count("Luc") == 1
        assert check(ana.store) == check(luc.store) == []

    def test_codes_are_compared_by_voice(self, desk: MakeDesk, tmp_path: Path) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        asked, answer = tmp_path / "demande", tmp_path / "admission"
        code = enrolment.request(luc.store, asked)
        with pytest.raises(Refused, match="ce n’est pas le même fichier"):
            enrolment.admit(ana.store, asked, [Role.ADVISER], answer, code="0000-0000")
        admitted = enrolment.admit(ana.store, asked, [Role.ADVISER], answer, code=code.lower())
        assert admitted.request_code == code
        told = enrolment.read_admission(luc.store, answer)
        assert (told.by, told.user, told.code) == ("PC de Ana", "Ana", admitted.code)
        with pytest.raises(Refused, match="ce n’est pas le même fichier"):
            enrolment.join(luc.store, answer, code="1111-1111")
        enrolment.join(luc.store, answer, code=admitted.code)

    def test_asking_twice_gives_nothing_twice(self, desk: MakeDesk) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        enrol(ana, luc)
        enrol(ana, luc, Role.ADVISER, Role.COMMITTEE)
        with ana.store.reading() as read:
            grants = [
                each
                for each in read.records(Query("grant"))
                if getattr(each, "station_id", "") == luc.store.station
                and getattr(each, "root_signature", None) is None
            ]
        assert sorted(str(getattr(each, "role", "")) for each in grants) == ["adviser", "committee"]
        assert roles(luc, luc.store.station) == [Role.ADVISER, Role.COMMITTEE]

    def test_a_restored_workspace_is_admitted_as_the_new_station_that_it_is(
        self, desk: MakeDesk, tmp_path: Path
    ) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        enrol(ana, luc)
        add(luc, "Dépôt")
        tell(luc, ana)
        former = luc.store.station
        luc.close()
        shutil.rmtree(luc.folder / "config")  # another machine: the key stayed behind
        assert luc.reopened().station != former
        asked, answer = tmp_path / "demande", tmp_path / "admission"
        with pytest.raises(Refused), luc.store.change("Ajouter") as work:
            work.new("site", name="Sans droit")
        enrolment.request(luc.store, asked)
        enrolment.admit(ana.store, asked, [Role.ADVISER], answer)
        enrolment.join(luc.store, answer)
        add(luc, "Atelier")
        tell(luc, ana)
        assert sites(ana) == {"Dépôt", "Atelier"}
        assert check(ana.store) == check(luc.store) == []


class TestWrongFiles:
    def test_an_admission_of_somebody_else_changes_nothing(
        self, desk: MakeDesk, tmp_path: Path
    ) -> None:
        ana, luc, eve = desk("45", "Ana"), desk("45", "Luc"), desk("45", "Ève")
        asked, answer = tmp_path / "demande", tmp_path / "admission"
        enrolment.request(luc.store, asked)
        enrolment.admit(ana.store, asked, [Role.ADVISER], answer)
        before = known.roots(eve.store)
        with pytest.raises(Refused, match="demande d’un autre ordinateur"):
            enrolment.join(eve.store, answer)
        assert known.roots(eve.store) == before

    def test_a_request_for_another_department_is_refused(
        self, desk: MakeDesk, tmp_path: Path
    ) -> None:
        ana, luc = desk("45", "Ana"), desk("28", "Luc")
        enrolment.request(luc.store, tmp_path / "demande")
        with pytest.raises(Refused, match="pas administrateur du département 28"):
            enrolment.admit(ana.store, tmp_path / "demande", [Role.ADVISER], tmp_path / "a")
        assert not (tmp_path / "a").exists()

    def test_who_is_no_administrator_admits_nobody(self, desk: MakeDesk, tmp_path: Path) -> None:
        ana, luc, eve = desk("45", "Ana"), desk("45", "Luc"), desk("45", "Ève")
        enrol(ana, luc)
        enrolment.request(eve.store, tmp_path / "demande")
        with pytest.raises(Refused, match="pas administrateur"):
            enrolment.admit(luc.store, tmp_path / "demande", [Role.ADVISER], tmp_path / "a")

    def test_a_request_in_the_name_of_another_station_is_refused(
        self, desk: MakeDesk, tmp_path: Path
    ) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        told = {**newcomers.as_told(luc.store), "department": "45"}
        forged = SigningKey.generate()
        enrolment_file.write(tmp_path / "1", Kind.REQUEST, told, forged)
        told["public_key"] = forged.verify_key.encode().hex()
        enrolment_file.write(tmp_path / "2", Kind.REQUEST, told, forged)
        for name in "12":
            with pytest.raises(Refused, match="pas signé par l’ordinateur qui demande"):
                enrolment.admit(ana.store, tmp_path / name, [Role.ADVISER], tmp_path / "a")

    def test_an_admission_by_who_may_not_gives_nothing(
        self, desk: MakeDesk, tmp_path: Path
    ) -> None:
        """A stranger who calls himself administrator names a circle that does not know us."""
        luc, eve = desk("45", "Luc"), desk("45", "Ève")
        me = newcomers.as_told(luc.store)
        told = {
            "station": me["station"],
            "public_key": me["public_key"],
            "department": "45",
            "roles": ["adviser"],
            "station_code": me["code"],
            "author": luc.store.author,
            "circle": known.roots(eve.store),
            "by": {"name": "x", "user": "y"},
        }
        enrolment_file.write(tmp_path / "a", Kind.ADMISSION, told, eve.store.key.key)
        before = known.roots(luc.store)
        with pytest.raises(Refused, match="aucun droit reconnu"):
            enrolment.join(luc.store, tmp_path / "a")
        assert known.roots(luc.store) == before
        assert roles(luc, luc.store.station) == [Role.ADVISER, Role.ADMINISTRATOR]


def fresh(folder: Path, use: Use) -> Desk:
    """A desk made on the spot."""
    use(folder)
    create(folder, "45", folder.name)
    return Desk(folder, use)


def test_a_code_already_taken_is_replaced_and_its_references_are_still_found(
    use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["K7Q", "K7Q", "M2M"])
    real = identity.new_station_code

    def draw(taken: set[str]) -> str:
        code = next(drawn, None)
        return code if code and code not in taken else real(taken)

    monkeypatch.setattr(identity, "new_station_code", draw)
    ana, luc = (fresh(tmp_path / name, use) for name in ("Ana", "Luc"))
    add(ana, "A1")
    assert [add(luc, name) for name in ("L1", "L2")] == ["45-SITE-K7Q-1", "45-SITE-K7Q-2"]
    assert enrol(ana, luc).station_code == "M2M"
    tell(luc, ana)
    for each in (ana, luc, ana):
        with each.store.reading() as read:
            found = {
                reference: getattr(read.find(reference)[1], "name", "")
                for reference in (
                    "45-SITE-K7Q-1",
                    "45-SITE-M2M-1",
                    "45-SITE-M2M-2",
                    "45-SITE-K7Q-2",
                )
            }
            assert found == {
                "45-SITE-K7Q-1": "A1",  # whose code it is now
                "45-SITE-M2M-1": "L1",
                "45-SITE-M2M-2": "L2",
                "45-SITE-K7Q-2": "L2",  # as it was quoted before
            }
            assert read.find("45-SITE-K7Q-2")[1].reference == "45-SITE-M2M-2"
        each.store.rebuild()
        assert check(each.store) == []


class TestRevocation:
    def test_what_comes_after_it_is_kept_aside(self, desk: MakeDesk) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        enrol(ana, luc)
        add(luc, "Avant")
        tell(luc, ana)
        after = circle.revoke(ana.store, "pc de luc", reason="Départ")
        add(luc, "Après")
        assert tell(luc, ana).kept_aside > 0
        assert sites(ana) == {"Avant"}
        member = next(each for each in circle.members(ana.store) if each.user == "Luc")
        assert member.revoked_after == after
        tell(ana, luc)
        assert sites(luc) == {"Avant"}
        with pytest.raises(Refused) as refused, luc.store.change("Ajouter") as work:
            work.new("site", name="Encore")
        (gone,) = (each.revoked_on for each in circle.members(luc.store) if each.user == "Luc")
        assert gone is not None
        assert f"ont été retirés le {gone:%d/%m/%Y}" in str(refused.value)
        assert "administrateur du département (Ana)" in str(refused.value)
        assert circle.withdrawn(luc.store) == [str(refused.value)]
        assert circle.withdrawn(ana.store) == []
        assert check(ana.store) == check(luc.store) == []

    def test_an_earlier_number_takes_back_what_was_written_since(self, desk: MakeDesk) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        enrol(ana, luc)
        add(luc, "Avant")
        tell(luc, ana)
        number = next(each.last_number for each in circle.members(ana.store) if each.user == "Luc")
        add(luc, "Douteux")
        tell(luc, ana)
        assert circle.revoke(ana.store, "Luc", after=number) == number
        assert sites(ana) == {"Avant"}

    def test_the_key_of_the_department_lifts_it(self, desk: MakeDesk) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        enrol(ana, luc)
        add(luc, "Avant")
        tell(luc, ana)
        circle.revoke(ana.store, "Luc")
        add(luc, "Après")
        tell(luc, ana)
        assert department_key.lift(ana.store, "Luc") == 1
        assert sites(ana) == {"Avant", "Après"}
        tell(ana, luc)
        add(luc, "Encore")

    def test_nobody_is_revoked_by_mistake(self, desk: MakeDesk) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        enrol(ana, luc)
        with pytest.raises(NotFound):
            circle.revoke(ana.store, "Personne")
        with pytest.raises(Refused, match="propres droits"):
            circle.revoke(ana.store, "Ana")
        with pytest.raises(Refused, match="pas administrateur"):
            circle.revoke(luc.store, "Ana")
        circle.revoke(ana.store, "Luc")
        with pytest.raises(Refused, match="déjà retirés"):
            circle.revoke(ana.store, "Luc")
        with pytest.raises(Refused, match="ne sont pas retirés"):
            department_key.lift(ana.store, "Ana")


class TestDepartmentKey:
    def test_a_second_administrator_holds_it_too(self, desk: MakeDesk, tmp_path: Path) -> None:
        ana, luc, eve = desk("45", "Ana"), desk("45", "Luc"), desk("45", "Ève")
        enrol(ana, luc, Role.ADVISER, Role.ADMINISTRATOR)
        assert known.root_key(luc.store, "45") == known.root_key(ana.store, "45")
        enrol(luc, eve)  # the first one is not needed
        assert sites(eve) == set()
        with pytest.raises(Refused, match="n’est pas sur cet ordinateur"):
            known.root_key(eve.store, "45")
        with pytest.raises(Refused, match="pas administrateur"):
            department_key.print_rescue_key(eve.store, tmp_path / "clé.txt")

    def test_the_paper_key_restores_control_after_a_loss(
        self, desk: MakeDesk, tmp_path: Path
    ) -> None:
        """The drill: the only administrator's computer is gone, an adviser's is left."""
        ana, luc, eve = desk("45", "Ana"), desk("45", "Luc"), desk("45", "Ève")
        page = tmp_path / "clé.txt"
        department_key.print_rescue_key(ana.store, page)
        enrol(ana, luc)
        add(ana, "Dépôt")
        tell(ana, luc)
        lost = ana.store.station
        ana.close()
        shutil.rmtree(ana.folder)

        enrolment.request(eve.store, tmp_path / "demande")
        with pytest.raises(Refused):
            enrolment.admit(luc.store, tmp_path / "demande", [Role.ADVISER], tmp_path / "a")
        key = department_key.read_rescue_key(page)
        assert department_key.rescue(luc.store, key) == "45"
        assert roles(luc, luc.store.station) == [Role.ADVISER, Role.ADMINISTRATOR]
        circle.revoke(luc.store, "Ana", reason="Ordinateur volé")
        enrol(luc, eve, Role.ADVISER, Role.ADMINISTRATOR)
        assert sites(eve) == {"Dépôt"}
        assert next(
            each.revoked_after for each in circle.members(eve.store) if each.station_id == lost
        )
        assert check(luc.store) == check(eve.store) == []

    def test_the_yearly_drill_is_done_on_a_copy(
        self, desk: MakeDesk, use: Use, tmp_path: Path
    ) -> None:
        """As the manual says: a copy on another machine, the paper, the others' rights, a check."""
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        enrol(ana, luc)
        tell(luc, ana)
        add(ana, "Dépôt")
        department_key.print_rescue_key(ana.store, tmp_path / "clé.txt")
        safety.backup(ana.store, tmp_path / "copie.zip")

        use(tmp_path / "essai")
        safety.restore(tmp_path / "copie.zip", tmp_path / "essai" / "espace.prevention")
        trial = Desk(tmp_path / "essai", use)
        assert circle.administered(trial.store) == []
        key = department_key.read_rescue_key(tmp_path / "clé.txt")
        assert department_key.rescue(trial.store, key) == "45"
        for each in circle.members(trial.store):
            if each.station_id != trial.store.station:
                circle.revoke(trial.store, each.station_id)
        assert sites(trial) == {"Dépôt"}
        assert check(trial.store) == []
        trial.close()

    def test_a_typed_key_is_checked_group_by_group(self, desk: MakeDesk, tmp_path: Path) -> None:
        ana = desk("45", "Ana")
        page = tmp_path / "clé.txt"
        department_key.print_rescue_key(ana.store, page)
        text = page.read_text(encoding="utf-8-sig")
        key = department_key.typed_rescue_key(text)
        assert department_key.rescue(ana.store, key) == "45"
        row = next(line for line in text.splitlines() if line.startswith("Ligne 2"))
        group = row.split()[3]
        wrong = "A" if group[0] != "A" else "B"
        with pytest.raises(Refused, match=r"groupe 5 "):
            department_key.typed_rescue_key(text.replace(group, wrong + group[1:]))

    def test_the_key_of_another_department_is_refused(self, desk: MakeDesk, tmp_path: Path) -> None:
        ana, zoe = desk("45", "Ana"), desk("28", "Zoé")
        department_key.print_rescue_key(zoe.store, tmp_path / "clé.txt")
        key = department_key.read_rescue_key(tmp_path / "clé.txt")
        with pytest.raises(Refused, match="n’est pas celle d’un département connu"):
            department_key.rescue(ana.store, key)

    def test_after_the_loss_of_everything_the_department_is_founded_again(
        self, desk: MakeDesk, tmp_path: Path
    ) -> None:
        ana, luc, lea = desk("45", "Ana"), desk("45", "Luc"), desk("45", "Léa")
        zoe = desk("28", "Zoé")
        enrol(ana, luc)
        enrol(ana, lea)
        recognise(ana, zoe)
        tell(ana, luc)
        add(lea, "De Léa")
        tell(lea, luc)
        old = known.roots(luc.store)["45"]
        ana.close()
        shutil.rmtree(ana.folder)

        with pytest.raises(Refused, match="n’est pas administrateur"):
            circle.revoke(luc.store, "Ana")
        department_key.refound(luc.store)
        assert known.roots(luc.store)["45"] != old
        assert sites(luc) == {"De Léa"}  # all keep their roles
        assert roles(luc, luc.store.station) == [Role.ADVISER, Role.ADMINISTRATOR]
        circle.revoke(luc.store, "Ana")
        assert check(luc.store) == []
        with pytest.raises(Refused, match="rien à refonder"):
            department_key.refound(luc.store)

        # Stations follow only once two people have compared the code.
        asked, answer = tmp_path / "demande", tmp_path / "admission"
        enrolment.request(lea.store, asked)
        admitted = enrolment.admit(luc.store, asked, [Role.ADVISER], answer)
        with pytest.raises(Refused, match="comparez les codes"):
            enrolment.join(lea.store, answer)
        enrolment.join(lea.store, answer, code=admitted.code)
        assert sites(lea) == {"De Léa"}
        # So do the other departments.
        code = recognition.invite(luc.store, tmp_path / "i")
        with pytest.raises(Refused, match="La clé connue du département 45 est une autre"):
            recognition.accept(zoe.store, tmp_path / "i", tmp_path / "r")
        recognition.accept(zoe.store, tmp_path / "i", tmp_path / "r", code=code)
        assert known.roots(zoe.store)["45"] == known.roots(luc.store)["45"]
        recognition.accept(luc.store, tmp_path / "r", None)
        assert check(zoe.store) == check(lea.store) == []

    def test_a_circle_with_one_administrator_is_reminded_after_a_month(
        self, desk: MakeDesk
    ) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        later = date.today() + timedelta(days=40)  # noqa: DTZ011  (the journal tells real days)
        for each in (ana, luc):
            each.store.today = lambda: later
        assert circle.reminders(ana.store) == []  # a lone adviser sees none of this
        enrol(ana, luc)
        assert "qu’un administrateur" in circle.reminders(ana.store)[0]
        assert circle.reminders(luc.store) == []
        ana.store.today = lambda: later - timedelta(days=30)
        assert circle.reminders(ana.store) == []
        ana.store.today = lambda: later
        enrol(ana, luc, Role.ADMINISTRATOR)
        assert circle.reminders(ana.store) == []

    def test_who_leaves_hands_over(self, desk: MakeDesk) -> None:
        ana, luc = desk("45", "Ana"), desk("45", "Luc")
        with ana.store.change("Ajouter") as work:
            work.new("planned_action", title="Poser un garde-corps", due=date(2026, 1, 31))
        enrol(ana, luc, Role.ASSISTANT)
        with pytest.raises(Refused, match="admettez d’abord"):
            circle.foresee_hand_over(ana.store, "Ana", "Luc")
        with pytest.raises(Refused, match="admettez d’abord"):
            circle.hand_over(ana.store, "Ana", "Luc")
        enrol(ana, luc, Role.ADMINISTRATOR)
        foreseen = circle.foresee_hand_over(ana.store, "Ana", "Luc")
        assert (foreseen.kept, foreseen.holds_key, foreseen.own) == (
            (Role.ADMINISTRATOR,),
            True,
            True,
        )
        assert roles(ana, luc.store.station) == [Role.ASSISTANT, Role.ADMINISTRATOR]
        handed = circle.hand_over(ana.store, "Ana", "Luc")
        assert handed.granted == foreseen.granted == (Role.ADVISER,)
        assert handed.open == foreseen.open
        assert [each["title"] for each in handed.open] == ["Poser un garde-corps"]
        with pytest.raises(Refused), ana.store.change("Ajouter") as work:
            work.new("site", name="Encore")
        tell(ana, luc)
        assert set(roles(luc, luc.store.station)) == {
            Role.ADVISER,
            Role.ASSISTANT,
            Role.ADMINISTRATOR,
        }
        add(luc, "Suite")
        assert check(ana.store) == check(luc.store) == []


def recognise(one: Desk, other: Desk) -> None:
    """Invitation and answer, carried by hand."""
    invitation, answer = one.folder / "invitation", one.folder / "réponse"
    recognition.invite(one.store, invitation)
    recognition.accept(other.store, invitation, answer)
    recognition.accept(one.store, answer, None)


class TestRecognition:
    def test_departments_recognise_each_other_once(self, desk: MakeDesk) -> None:
        ana, zoe = desk("45", "Ana"), desk("28", "Zoé")
        with zoe.store.change("Ajouter") as work:
            work.new("job", name="Agent d’entretien")
        recognise(ana, zoe)
        with ana.store.change("Ajouter") as work:
            work.new("job", name="Agent des routes")
        add(ana, "Dépôt du Loiret")
        tell(ana, zoe)
        tell(zoe, ana)
        assert known.roots(ana.store) == known.roots(zoe.store)
        assert set(known.roots(ana.store)) == {"28", "45"}
        (other,) = recognition.recognised(ana.store)
        assert other.department == "28"
        assert other.mark == department_key.print_rescue_key(zoe.store, zoe.folder / "clé.txt")
        for each in (ana, zoe):
            with each.store.reading() as read:
                jobs = {str(getattr(job, "name", "")) for job in read.records(Query("job"))}
            assert {"Agent d’entretien", "Agent des routes"} <= jobs  # what is shared
            assert check(each.store) == []
        assert sites(zoe) == set()  # a department's own stays there

    def test_its_other_stations_follow(self, desk: MakeDesk) -> None:
        ana, luc, zoe = desk("45", "Ana"), desk("45", "Luc"), desk("28", "Zoé")
        enrol(ana, luc)
        recognise(ana, zoe)
        with zoe.store.change("Ajouter") as work:
            work.new("job", name="Agent d’entretien")
        tell(zoe, ana)
        tell(ana, luc)
        assert known.roots(luc.store) == known.roots(ana.store)
        with luc.store.reading() as read:
            assert "Agent d’entretien" in {
                getattr(each, "name", "") for each in read.records(Query("job"))
            }

    def test_wrong_files_are_refused(self, desk: MakeDesk, tmp_path: Path) -> None:
        ana, luc, zoe, max_ = (
            desk("45", "Ana"),
            desk("45", "Luc"),
            desk("28", "Zoé"),
            desk("41", "Max"),
        )
        enrol(ana, luc)
        invitation, answer = tmp_path / "invitation", tmp_path / "réponse"
        with pytest.raises(Refused, match="pas administrateur"):
            recognition.invite(luc.store, invitation)
        code = recognition.invite(ana.store, invitation)
        offered = recognition.read_offer(invitation)
        assert (offered.department, offered.user, offered.code) == ("45", "Ana", code)
        assert offered.to_answer
        with pytest.raises(Refused, match="propre département"):
            recognition.accept(ana.store, invitation, answer)
        with pytest.raises(Refused, match="ce n’est pas le même fichier"):
            recognition.accept(zoe.store, invitation, answer, code="0000-0000")
        recognition.accept(zoe.store, invitation, answer, code=code)
        with pytest.raises(Refused, match="l’invitation d’un autre département"):
            recognition.accept(max_.store, answer, None)
        content = bytearray(answer.read_bytes())
        content[len(content) // 2] ^= 1
        answer.write_bytes(content)
        with pytest.raises(PreventionError):
            recognition.accept(ana.store, answer, None)
        assert set(known.roots(ana.store)) == {"45"}


def forged_request(folder: Path, number: int) -> Path:
    """The request of a station that needs no workspace for it."""
    key = SigningKey.generate()
    station = keys.station_of(keys.public_half(key))
    record, author = (identity.derived_id(station, "45", each) for each in ("ORDI", "UTIL"))
    told: dict[str, Any] = {
        "station": station,
        "public_key": key.verify_key.encode().hex(),
        "name": f"Portable {number}",
        "code": f"{number % 25 + 1:03d}",
        "user": f"Agent {number}",
        "department": "45",
    }
    writes = {
        "station_id": station,
        "name": told["name"],
        "station_code": told["code"],
        "public_key": told["public_key"],
    }
    leaf = NewLeaf("45", "ORDI", "p", {"r": record, "w": writes, "m": "Ouvrir", "c": 1})
    head = entries.make_head(station=station, number=1, clock=1 << 50, author=author, moved={})
    body = entries.to_bytes(leaf.body)
    table = entries.make_table([(leaf, body)])
    signature = key.sign(entries.chain_hash(entries.FIRST_HASH, head, table)).signature
    entry = Entry(head, table, signature, {0: (leaf.salt, body)})
    file = folder / f"demande {number}"
    told["entry"] = newcomers.entry_as_text(entry)
    enrolment_file.write(file, Kind.REQUEST, told, key)
    return file


def test_fifty_assistants_are_admitted_at_once(desk: MakeDesk, tmp_path: Path) -> None:
    ana, lea = desk("45", "Ana"), desk("45", "Léa Petit")
    add(ana, "Collège Jean Moulin")
    requests, out = tmp_path / "demandes", tmp_path / "admissions"
    requests.mkdir()
    out.mkdir()
    enrolment.request(lea.store, requests / "demande de Léa")
    for number in range(1, 51):
        forged_request(requests, number)
    (requests / "photo.jpg").write_bytes(b"x")
    lines = [
        "Nom;Site;Rôle;Jusqu’au",
        "petit léa;Collège Jean Moulin;Assistant de prévention;31/12/2027",
        *(f"Agent {number};;;" for number in range(1, 49)),
        "Portable 49;;Conseiller de prévention;",  # known by the station's name
        "Inconnu;;;",
        "Agent 3;Gymnase;;",
    ]
    listing = tmp_path / "liste.csv"
    listing.write_text("\n".join(lines), encoding="utf-8")

    foreseen = enrolment.foresee(ana.store, listing, requests)
    assert list(out.iterdir()) == []
    assert len(circle.members(ana.store)) == 1
    assert foreseen[0].until == date(2027, 12, 31)
    assert foreseen[0].code == enrolment.read_request(requests / "demande de Léa").code

    found = enrolment.admit_many(ana.store, listing, requests, out, Progress())
    assert [(each.row, each.name, each.problem) for each in found] == [
        (each.row, each.name, each.problem) for each in foreseen
    ]
    assert sum(1 for each in found if each.admitted) == 50
    assert [(each.row, each.name) for each in found if each.problem] == [
        (52, "Inconnu"),
        (53, "Agent 3"),
        (0, "Agent 50"),
    ]
    assert "ne s’appelle « Gymnase »" in next(each.problem for each in found if each.row == 53)
    assert len(list(out.iterdir())) == 50
    members = circle.members(ana.store)
    assert sum(1 for each in members if each.roles == [Role.ASSISTANT]) == 49
    assert len({each.code for each in members}) == 51  # though every second one was taken
    first = next(each for each in found if each.name == "petit léa")
    assert first.file is not None
    enrolment.join(lea.store, first.file)
    assert sites(lea) == {"Collège Jean Moulin"}
    assert next(each.until for each in members if each.user == "Léa Petit") == date(2027, 12, 31)
    assert check(ana.store) == []


def test_the_list_to_fill_in_is_read_back(desk: MakeDesk, tmp_path: Path) -> None:
    """A model with choices; what becomes of it is a table to print."""
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    add(ana, "Collège")
    enrolment.write_model_list(ana.store, tmp_path / "liste.xlsx")
    book = load_workbook(tmp_path / "liste.xlsx")
    sheet = book["Personnes"]
    assert [cell.value for cell in sheet[1]] == ["Nom", "Site", "Rôle", "Jusqu’au"]
    assert {str(each.sqref) for each in sheet.data_validations.dataValidation} == {
        "B2:B201",
        "C2:C201",
    }
    assert book["Choix"]["B2"].value == "Collège"
    sheet.append(["Luc", "Collège", book["Choix"]["A3"].value, date(2027, 8, 31)])
    book.save(tmp_path / "remplie.xlsx")
    (tmp_path / "demandes").mkdir()
    (tmp_path / "out").mkdir()
    code = enrolment.request(luc.store, tmp_path / "demandes" / "luc")

    (line,) = enrolment.admit_many(
        ana.store, tmp_path / "remplie.xlsx", tmp_path / "demandes", tmp_path / "out", Progress()
    )
    assert line.admitted is not None
    assert line.admitted.roles == (Role.ASSISTANT,)
    enrolment.write_answers([line], tmp_path / "réponses.xlsx")
    rows = [*load_workbook(tmp_path / "réponses.xlsx")["Réponses"].values]
    assert rows[1][1] == "Luc"
    assert rows[1][3:5] == (code, line.admitted.code)


def test_a_lone_adviser_sees_none_of_this(desk: MakeDesk) -> None:
    ana = desk("45", "Ana")
    assert len(circle.members(ana.store)) == 1
    assert circle.reminders(ana.store) == []
    assert ana.store.undoable() == ""
    assert check(ana.store) == []


def test_a_passphrase_protects_the_key(
    use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("trois mots simples\n", encoding="utf-8")
    monkeypatch.setenv("PREVENTION_PASSPHRASE_FILE", str(phrase))
    ana = fresh(tmp_path / "Ana", use)
    add(ana, "Dépôt")
    station = ana.store.station
    assert ana.reopened().station == station
    kept = "".join(file.read_text() for file in (ana.folder / "config").rglob("*.json"))
    assert '"key"' not in kept
    monkeypatch.delenv("PREVENTION_PASSPHRASE_FILE")
    with pytest.raises(Refused, match="phrase secrète"):
        ana.reopened()
    phrase.write_text("une autre", encoding="utf-8")
    monkeypatch.setenv("PREVENTION_PASSPHRASE_FILE", str(phrase))
    with pytest.raises(Refused, match="n’est pas celle"):
        ana.reopened()
    phrase.write_text("trois mots simples", encoding="utf-8")
    assert ana.reopened().station == station
