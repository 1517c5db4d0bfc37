"""Which field a heading means, whatever its accents, plural, brackets and misspellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from prevention_app.catalogue.values import fold
from prevention_app.exchange.import_kinds import ImportColumn, ImportKind

LONGEST_HEADING = 90
"""A longer text is no heading."""
STRONG = 0.8
"""From here on a heading is taken for a field by its words alone."""
WEAK = 0.6
"""The score of a heading that may mean the field when the values agree."""

_STOP_WORDS = frozenset(
    "a au aux ce ces d de des du e en et eventuel eventuelle l la le les ou par pour s sur "
    "un une".split()
)
_SAME_WORDS = {
    "nbre": "nb", "nombre": "nb", "nbr": "nb", "no": "n", "num": "n", "numero": "n",
    "freq": "frequence", "grav": "gravite", "prob": "probabilite", "proba": "probabilite",
    "prev": "prevention", "prevu": "prevue", "resp": "responsable", "ech": "echeance",
    "mes": "mesure", "act": "action", "ut": "unite travail", "dpt": "departement",
    "dept": "departement", "obs": "observation", "dern": "derniere", "verif": "verification",
    "mt": "montant", "qte": "quantite", "niv": "niveau", "exist": "existante",
    "existant": "existante", "oeuvre": "oeuvre", "vgp": "verification periodique",
    "potentiel": "possible", "potentielle": "possible", "eventuels": "possible",
}  # fmt: skip

_FREE_REMARKS = frozenset(
    "observation commentaire remarque diver note precision complement information".split()
)
"""Headings of columns where anything may be written: only a kind that lists them takes them."""


def plain_words(heading: str) -> str:
    """A heading for comparing: folded, in the singular, without brackets' marks and small words."""
    bare = (
        fold(heading.replace("_x000D_", " "))
        .replace("(s)", "")
        .replace("(e)", "")
        .replace("n°", "n ")
    )
    words = [_singular(word) for word in re.findall(r"[a-z0-9]+", bare)]
    kept = [_SAME_WORDS.get(word, word) for word in words if word not in _STOP_WORDS]
    return " ".join(kept or words)


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("aux") and word not in {"travaux", "locaux", "niveaux"}:
        return word
    if len(word) > 3 and word[-1] in "sx" and not word.endswith("ss"):
        return word[:-1]
    return word


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of one column: its own words and those of the group it stands under."""

    own: str
    parent: str = ""

    @property
    def full(self) -> str:
        """Both, as they are shown."""
        return (
            f"{self.parent} — {self.own}" if self.parent and self.own else self.own or self.parent
        )

    @property
    def shown(self) -> str:
        """The full heading on one line."""
        return " ".join(self.full.replace("_x000D_", " ").split())


@dataclass(frozen=True, slots=True)
class _Synonym:
    words: str
    column: int
    strength: float


class HeadingBook:
    """The synonyms of one kind, ready to be looked up."""

    def __init__(self, kind: ImportKind, extra: Sequence[ImportColumn] = ()) -> None:
        """Prepare the synonyms of a kind's columns."""
        self.columns = (*kind.columns, *extra)
        self._synonyms = [
            _Synonym(plain_words(words), place, strength)
            for place, column in enumerate(self.columns)
            for strength, all_words in (
                (1.0, (*column.synonyms, column.label)),
                (WEAK, column.weak),
            )
            for words in all_words
        ]
        self._words = [synonym.words for synonym in self._synonyms]
        self._not_taken = [plain_words(words) for words in kind.not_taken]
        self._exact: dict[str, list[_Synonym]] = {}
        for synonym in self._synonyms:
            self._exact.setdefault(synonym.words, []).append(synonym)
        self._scores: dict[Heading, dict[str, float]] = {}
        self._by_words: dict[str, dict[str, float]] = {}

    def exact(self, text: str) -> str | None:
        """The field that a text is a synonym of, word for word."""
        found = self._exact.get(_plain_cached(text), ())
        strong = [synonym for synonym in found if synonym.strength == 1.0]
        return self.columns[strong[0].column].key if strong else None

    def best(self, text: str) -> tuple[str, float] | None:
        """The field that a text most likely means, and how likely, from `STRONG` on."""
        scores = self.scores(Heading(text))
        if not scores:
            return None
        key = max(scores, key=lambda each: scores[each])
        return (key, scores[key]) if scores[key] >= STRONG else None

    def scores(self, heading: Heading) -> dict[str, float]:
        """How well a heading says each field: 1 is word for word, absent is not at all."""
        if heading not in self._scores:
            self._scores[heading] = self._score(heading)
        return self._scores[heading]

    def _score(self, heading: Heading) -> dict[str, float]:
        scores: dict[str, float] = {}
        for words, factor in _variants(heading):
            for key, score in self._of_words(words).items():
                scores[key] = max(scores.get(key, 0.0), score * factor)
        if heading.parent:
            self._lean_on_parent(heading, scores)
        for column in self.columns:
            if column.recognises and (sure := column.recognises(heading.full)):
                scores[column.key] = max(scores.get(column.key, 0.0), sure)
        if max(scores.values(), default=1.0) < 1.0 and self.is_not_taken(heading):
            return {}
        return scores

    def is_not_taken(self, heading: Heading) -> bool:
        """Whether a heading is one of those that the kind sets aside."""
        from rapidfuzz import fuzz, process

        readings = [words for words, factor in _variants(heading) if factor >= 1.0]
        return any(
            process.extractOne(
                words, self._not_taken, scorer=fuzz.token_sort_ratio, score_cutoff=90
            )
            for words in readings
        )

    def _lean_on_parent(self, heading: Heading, scores: dict[str, float]) -> None:
        """A group's heading settles what a weak heading under it means, or stands for it."""
        parents = self._of_words(plain_words(heading.parent))
        groups = {self._group(key) for key, score in parents.items() if score >= STRONG}
        for column in self.columns:
            if (
                self._group(column.key) in groups
                and WEAK * 0.9 <= scores.get(column.key, 0) < STRONG
            ):
                scores[column.key] = 0.95
        if not any(score >= STRONG for score in scores.values()):
            for key, score in parents.items():
                if score >= STRONG:
                    scores[key] = max(scores.get(key, 0.0), score * 0.85)

    def _group(self, key: str) -> str:
        column = next(column for column in self.columns if column.key == key)
        return column.child or column.key

    def _of_words(self, words: str) -> dict[str, float]:
        if words not in self._by_words:
            self._by_words[words] = self._compare(words)
        return self._by_words[words]

    def _compare(self, words: str) -> dict[str, float]:
        scores: dict[str, float] = {}
        if not words or len(words) > LONGEST_HEADING:
            return scores
        near = [(synonym, 1.0) for synonym in self._exact.get(words, ())]
        if not near and words not in _FREE_REMARKS:
            near = self._near(words)
        for synonym, likeness in near:
            key = self.columns[synonym.column].key
            scores[key] = max(scores.get(key, 0.0), likeness * synonym.strength)
        return scores

    def _near(self, words: str) -> list[tuple[_Synonym, float]]:
        if len(words) < 4:
            return []
        from rapidfuzz import fuzz, process

        found: list[tuple[_Synonym, float]] = []
        for scorer, factor, cutoff in ((fuzz.ratio, 0.01, 83), (fuzz.token_sort_ratio, 0.0097, 86)):
            for _, score, place in process.extract(
                words, self._words, scorer=scorer, score_cutoff=cutoff, limit=8
            ):
                if len(self._words[place]) >= 4:
                    found.append((self._synonyms[place], score * factor))
        return found + self._within(words)

    def _within(self, words: str) -> list[tuple[_Synonym, float]]:
        """Synonyms whose words all stand in a longer heading."""
        tokens = set(words.split())
        found: list[tuple[_Synonym, float]] = []
        for synonym in self._synonyms:
            parts = set(synonym.words.split())
            extra = len(tokens) - len(parts)
            if len(synonym.words) >= 4 and 0 < extra <= 3 and parts <= tokens:
                found.append(
                    (synonym, 0.9 - 0.05 * extra if len(parts) > 1 else 0.86 - 0.06 * extra)
                )
        return found


@lru_cache(maxsize=8192)
def _plain_cached(text: str) -> str:
    return plain_words(text)


def _variants(heading: Heading) -> list[tuple[str, float]]:
    """The readings of a heading, from what stands there to parts of it."""
    own = heading.own or heading.parent
    without_brackets = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", own)
    variants = [(plain_words(own), 1.0), (plain_words(without_brackets), 1.0)]
    variants += [(plain_words(inside), 0.9) for inside in re.findall(r"\(([^)]*)\)", own)]
    parts = re.split(r"[/\n:–—]| - ", without_brackets)
    variants += [(plain_words(part), 0.95) for part in parts]
    if heading.parent and heading.own:
        variants.append((plain_words(f"{heading.parent} {without_brackets}"), 1.02))
        variants.append((plain_words(f"{without_brackets} {heading.parent}"), 1.02))
    return [(words, factor) for words, factor in dict(reversed(variants)).items() if words]
