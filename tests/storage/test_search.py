from __future__ import annotations

from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from tests.storage.acts import add, add_accident, amend, delete, get, leaves_of, listed, search

WORDS = {
    "école": ["ecole", "ÉCOLE", "École", "col", "éco", "le", "cole"],
    "nœud coulant": ["noeud", "nœud", "NŒUD", "oeu", "nœ", "coulant nœud", "noe cou"],
    "Chute d’échelle": ["echelle", "d'échelle", "d’échelle", "d'", "chute d’e"],
    "EPI à vérifier": ["epi", "pi", "à", "a verifier", "éri"],
    "100 % de l'eau_usée": ["100 %", "%", "eau_usee", "_", "l’eau"],
    "dos \\ d'âne": ["\\", "âne", "d'ane dos"],
    'dit "le Vieux"': ['"le', 'vieux"', '"'],
}


def test_a_record_is_found_by_words_and_parts_of_words_however_they_are_written(store: Store):
    jobs = {text: add(store, "job", name=text).id for text in (*WORDS, "zzz")}
    for text, wordings in WORDS.items():
        for words in wordings:
            assert jobs[text] in search(store, words), words
            assert jobs["zzz"] not in search(store, words), words
            listed_too = {each.id for each in listed(store, "job", text=words)}
            assert listed_too == search(store, words) & set(jobs.values()), words


def test_a_part_of_a_word_finds_nothing_that_only_resembles_it(store: Store):
    jobs = {text: add(store, "job", name=text).id for text in WORDS}
    found = {words: search(store, words) & set(jobs.values()) for words in ("noeud", "100 %", "_")}
    assert found == {
        "noeud": {jobs["nœud coulant"]},
        "100 %": {jobs["100 % de l'eau_usée"]},
        "_": {jobs["100 % de l'eau_usée"]},
    }


def test_all_words_must_occur_in_any_fields(store: Store):
    both = add_accident(store, circumstances="Chute dans l’escalier", person_name="Zoé Martin")
    add_accident(store, circumstances="Chute de plain-pied", person_name="Durand")
    assert search(store, "martin escalier") == {both.id}
    assert search(store, "martin plain-pied") == set()
    assert search(store, "") == search(store, "   ") == set()


def test_what_cannot_occur_together_is_not_found_by_its_trigrams(store: Store):
    add(store, "job", name="abcab")
    assert search(store, "cabc") == set()


def test_search_follows_edits_and_erasures(store: Store):
    accident = add_accident(store, circumstances="brouette", person_name="Zoé")
    accident = amend(store, "accident", accident, circumstances="transpalette")
    assert search(store, "brouette") == set()
    assert search(store, "transpalette") == {accident.id}
    with store.change("Effacer") as work:
        work.erase(
            "accident",
            accident,
            [each for each in leaves_of(store, accident) if each.kind != "p"],
        )
    assert search(store, "transpalette") == search(store, "zoe") == set()
    assert get(store, "accident", accident.id).circumstances == "effacé"


def test_a_list_searched_by_words_leaves_out_deleted_records(store: Store):
    kept, gone = add(store, "job", name="Agent routier"), add(store, "job", name="Agent technique")
    delete(store, "job", gone)
    with store.reading() as read:
        found = read.records(Query("job", text="agent"))
    assert [each.id for each in found] == [kept.id]


def test_only_fields_declared_for_it_are_searched(store: Store):
    accident = add_accident(store, activity="élagage", circumstances="Chute")
    assert search(store, "elagage") == set()
    assert search(store, "chute") >= {accident.id}


def test_shipped_records_are_found(store: Store):
    chute = next(each for each in listed(store, "hazard_family") if each.family_code == "CHUH")
    assert chute.id in search(store, "chute hauteur")


def test_the_index_stays_whole_over_many_changes(store: Store):
    jobs = [add(store, "job", name=f"Métier n° {number}") for number in range(12)]
    for number, job in enumerate(jobs):
        amend(store, "job", job, name=f"Emploi {number * 7}")
    store.undo()
    with store.connecting() as connection:
        connection.exec_driver_sql(
            "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"
        )
    assert len(search(store, "emploi")) == 11
    assert len(search(store, "metier")) == 1
