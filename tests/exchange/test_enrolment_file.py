"""The files of trust: signed, compared by eight characters; and the key on paper."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from prevention_app.catalogue.vocabulary import Role
from prevention_app.errors import NewerFormat, Refused, UnreadableFile
from prevention_app.exchange import crockford, enrolment_file, rescue_paper
from prevention_app.exchange.assistants_list import read_list
from prevention_app.exchange.enrolment_file import Kind
from prevention_app.exchange.handed_files import PACKAGE_MAGIC

KEY = SigningKey(bytes(range(32)))
TOLD = {"name": "Poste d’Élodie", "roles": ["adviser"], "by": {"user": "Élodie"}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A request that was written."""
    enrolment_file.write(tmp_path / "demande", Kind.REQUEST, TOLD, KEY)
    return tmp_path / "demande"


class TestSigned:
    def test_says_what_its_writer_told_and_who_that_was(self, file: Path) -> None:
        read = enrolment_file.read(file, Kind.REQUEST)
        assert dict(read.told) == TOLD
        assert read.signer == KEY.verify_key.encode().hex()
        assert (read.text("name"), read.texts("roles")) == ("Poste d’Élodie", ["adviser"])
        assert read.mapping("by") == {"user": "Élodie"}

    def test_both_sides_read_the_same_code_aloud(self, tmp_path: Path, file: Path) -> None:
        code = enrolment_file.write(tmp_path / "again", Kind.REQUEST, TOLD, KEY)
        assert enrolment_file.read(file, Kind.REQUEST).code == code
        assert enrolment_file.same_code(code.lower().replace("-", " "), code)
        assert enrolment_file.same_code(code.replace("0", "O").replace("1", "l"), code)
        other = enrolment_file.write(tmp_path / "other", Kind.REQUEST, {**TOLD, "x": 1}, KEY)
        assert not enrolment_file.same_code(other, code)

    def test_any_altered_byte_is_refused(self, file: Path) -> None:
        content = file.read_bytes()
        for at in range(0, len(content), 7):
            altered = bytearray(content)
            altered[at] ^= 1
            file.write_bytes(altered)
            with pytest.raises((Refused, UnreadableFile, NewerFormat)):
                enrolment_file.read(file, Kind.REQUEST)

    def test_what_is_attached_is_signed_with_it(self, tmp_path: Path) -> None:
        package = tmp_path / "paquet"
        package.write_bytes(b"\0\n\xff" * 1000)
        out = tmp_path / "admission"
        enrolment_file.write(out, Kind.ADMISSION, TOLD, KEY, package)
        assert enrolment_file.read(out, Kind.ADMISSION).unpack(tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == package.read_bytes()
        for altered in (out.read_bytes() + b"x", out.read_bytes()[:-1]):
            out.write_bytes(altered)
            with pytest.raises(Refused, match="abîmé"):
                enrolment_file.read(out, Kind.ADMISSION)

    def test_another_kind_is_named(self, file: Path) -> None:
        with pytest.raises(Refused, match="est une demande d’adhésion, et non une admission"):
            enrolment_file.read(file, Kind.ADMISSION)

    def test_where_it_was_to_be_given_is_said(self, file: Path) -> None:
        with pytest.raises(Refused, match=r"se donne dans .*« Admettre un ordinateur… »"):
            enrolment_file.read(file, Kind.ADMISSION)
        file.write_bytes(PACKAGE_MAGIC + bytes(100))
        with pytest.raises(UnreadableFile, match="fichier d’échange : il se donne dans la page"):
            enrolment_file.read(file, Kind.REQUEST)

    def test_what_is_not_there_and_what_is_a_folder_are_said_so(self, tmp_path: Path) -> None:
        for place, said in (
            (tmp_path / "absente", "est introuvable"),
            (tmp_path, "est un dossier"),
        ):
            with pytest.raises(UnreadableFile, match=said):
                enrolment_file.read(place, Kind.REQUEST)

    def test_a_newer_form_asks_for_an_update(self, file: Path) -> None:
        document = json.loads(file.read_bytes())
        file.write_text(json.dumps(document | {"format": 2}) + "\n", encoding="utf-8")
        with pytest.raises(NewerFormat):
            enrolment_file.read(file, Kind.REQUEST)

    @pytest.mark.parametrize("content", [b"", b"{}\n", b"[]\n", b"PK\3\4", b"[" * 100_000, b"1\n"])
    def test_what_is_none_of_ours_is_called_so(self, tmp_path: Path, content: bytes) -> None:
        place = tmp_path / "photo.jpg"
        place.write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"photo\.jpg"):
            enrolment_file.read(place, Kind.REQUEST)


class TestPaper:
    @given(st.binary(min_size=32, max_size=32))
    def test_comes_back_from_what_was_typed(self, secret: bytes) -> None:
        groups = rescue_paper.groups_of(secret)
        assert len(groups) == 14
        for typed in (" ".join(groups), "-".join(groups).lower(), "".join(groups)):
            assert rescue_paper.secret_of(typed) == secret
        assert rescue_paper.secret_of(" ".join(groups).replace("0", "o")) == secret

    @given(st.binary(min_size=32, max_size=32), st.data())
    def test_a_wrong_character_is_found_in_its_group(
        self, secret: bytes, data: st.DataObject
    ) -> None:
        groups = rescue_paper.groups_of(secret)
        group, place = data.draw(st.integers(0, 13)), data.draw(st.integers(0, 4))
        old = groups[group][place]
        new = data.draw(st.sampled_from(crockford.ALPHABET.replace(old, "") + "U"))
        groups[group] = groups[group][:place] + new + groups[group][place + 1 :]
        with pytest.raises(Refused, match=rf"groupe {group + 1} \(") as refused:
            rescue_paper.secret_of(" ".join(groups))
        assert str(refused.value).count("groupe") == 1

    @given(st.binary(min_size=32, max_size=32), st.integers(0, 13), st.integers(0, 3))
    def test_two_characters_that_changed_places_are_found(
        self, secret: bytes, group: int, place: int
    ) -> None:
        groups = rescue_paper.groups_of(secret)
        one = groups[group]
        groups[group] = one[:place] + one[place + 1] + one[place] + one[place + 2 :]
        if groups[group] != one:
            with pytest.raises(Refused, match=f"groupe {group + 1}"):
                rescue_paper.secret_of(" ".join(groups))

    @given(st.binary(min_size=32, max_size=32), st.integers(0, 12))
    def test_two_groups_that_changed_places_are_found(self, secret: bytes, at: int) -> None:
        groups = rescue_paper.groups_of(secret)
        groups[at], groups[at + 1] = groups[at + 1], groups[at]
        with pytest.raises(Refused, match=f"groupe {at + 1}"):
            rescue_paper.secret_of(" ".join(groups))

    def test_a_page_with_a_group_too_few_or_of_another_page_is_refused(self) -> None:
        one, other = (rescue_paper.groups_of(bytes([each]) * 32) for each in (1, 2))
        with pytest.raises(Refused, match="13 ont été donnés"):
            rescue_paper.secret_of(" ".join(one[:-1]))
        with pytest.raises(Refused, match="autre page"):
            rescue_paper.secret_of(" ".join([other[0], *one[1:]]))

    def test_a_printed_page_is_read_as_it_is(self, tmp_path: Path) -> None:
        secret = bytes(range(32))
        page = tmp_path / "clé.txt"
        rescue_paper.write_page(page, "45", secret, "ABCD-1234", date(2026, 11, 24))
        assert rescue_paper.read_page(page) == secret
        text = page.read_text(encoding="utf-8-sig")
        assert "CLÉ DE SECOURS DU DÉPARTEMENT 45" in text
        assert "24/11/2026" in text

    def test_another_file_is_no_page(self, tmp_path: Path) -> None:
        for content in (b"\xff\xfe\0", b"Bonjour"):
            (tmp_path / "x").write_bytes(content)
            with pytest.raises((Refused, UnreadableFile)):
                rescue_paper.read_page(tmp_path / "x")


class TestList:
    def test_lines_are_read_by_their_headings(self, tmp_path: Path) -> None:
        file = tmp_path / "liste.csv"
        file.write_text(
            "Assistants de prévention;;;\n"
            "Nom;Site;Rôle;Jusqu’au\n"
            "Léa Petit;Collège Jean Moulin;Assistant de prévention;31/12/2027\n"
            "Marc Roy;;;\n"
            ";Gymnase;;\n"
            "Ana Sol;;Pilote;\n"
            "Luc Pin;;Conseiller de prévention;30/02/2027\n",
            encoding="utf-8",
        )
        lines = read_list(file)
        assert [(each.row, each.name, each.site, each.role, each.until) for each in lines[:2]] == [
            (3, "Léa Petit", "Collège Jean Moulin", Role.ASSISTANT, date(2027, 12, 31)),
            (4, "Marc Roy", "", Role.ASSISTANT, None),
        ]
        assert [bool(each.problem) for each in lines] == [False, False, True, True, True]
        assert "Pilote" in lines[3].problem

    def test_a_file_without_names_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "liste.csv"
        file.write_text("Site;Ville\nA;B\n", encoding="utf-8")
        with pytest.raises(UnreadableFile, match="Nom"):
            read_list(file)
