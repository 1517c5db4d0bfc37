"""Which credential a heading or a cell names: its type, as shipped types are called, its category.

« R489 chariot cat. 3 » is a CACES R489 of category 3, « Certiphyto (fin de validité) Opérateur » a
Certiphyto opérateur. What is not known here keeps the name that the file gives it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from prevention_app.catalogue.values import fold


@dataclass(frozen=True, slots=True)
class CredentialName:
    """A type of credential and the category within it, where one is said."""

    type_name: str
    category: str = ""


# CACES: the recommendation and the categories that it knows

_CACES_CATEGORIES = {
    "482": r"[a-g][1-4]?", "483": r"[ab]", "484": r"[12]", "485": r"[12]", "486": r"[abc]",
    "487": r"[123]", "489": r"[12][ab]|[1-7]", "490": r"(?!)",
    "372": r"10|[1-9]", "377": r"[12]", "383": r"[12][ab]?", "386": r"[123][ab]",
    "389": r"[1-6]", "390": r"(?!)",
}  # fmt: skip
"""Those of 2020 and, from R372 on, those that they replaced."""
_CACES_NUMBER = re.compile(
    r"(?<![a-z])r\s*[.\-]?\s*(" + "|".join(_CACES_CATEGORIES) + r")\s*(?:m\b|modifiee)?"
)
_MACHINES = (
    ("482", r"engins? de (?:chantier|travaux)|mini[\s-]?pelle|\bpelle|chargeu|compacteur"),
    ("483", r"grues? mobiles?"),
    ("484", r"ponts? roulants?|portiques?"),
    ("485", r"gerbeurs?|transpalettes?"),
    ("486", r"pemp\b|nacelles?|plates?[\s-]?formes? (?:elev|mobile)"),
    ("487", r"grues? a tour"),
    ("489", r"chariots?"),
    ("490", r"grues? (?:auxil|de chargement)|bras de grue"),
)
_BY_CATEGORY_WORD = re.compile(r"\b(?:categories?|categ|cat)\b\.?\s*[:n°]*\s*(.+)")


def _caces(said: str, typed: str) -> CredentialName | None:
    del typed
    number = _CACES_NUMBER.search(said)
    if number:
        code, rest = number[1], f"{said[: number.start()]} {said[number.end() :]}"
    elif "caces" in said:
        code = next((of for of, machine in _MACHINES if re.search(machine, said)), "")
        rest = said
    else:
        return None
    if not code:
        return CredentialName("CACES")
    return CredentialName(f"CACES R{code}", _caces_category(code, rest))


def _caces_category(code: str, said: str) -> str:
    after_word = _BY_CATEGORY_WORD.search(said)
    scope = after_word[1] if after_word else re.sub(r"\ba (?:conducteur|bras|tour)\b", " ", said)
    found = re.findall(rf"(?<![a-z0-9])(?:{_CACES_CATEGORIES[code]})(?![a-z0-9'])", scope)
    return ", ".join(dict.fromkeys(each.upper() for each in found))


# Electrical symbols

_SYMBOL = r"(?:[BH][0-2](?:[VNTX]L?|L)?|[BH][CEFRSPX]L?|BP)"
_QUALIFIER = (
    r"(?:man(?:œ|oe)uvres?|mesur(?:age|e)s?|essais?|v[ée]rifications?|photovolta[ïi]que|"
    r"non [ée]lec\w*)"
)
_SYMBOLS = re.compile(
    rf"{_SYMBOL}(?:[\s,;/+\-–et]*(?:{_SYMBOL}|{_QUALIFIER})(?!\w))*", re.IGNORECASE
)


def electrical_symbols(typed: str) -> str:
    """The symbols that a text consists of (« B1V-BR »: B1V BR); empty for anything else."""
    text = " ".join(typed.split()).strip(" .;,-–/")
    if not _SYMBOLS.fullmatch(text):
        return ""
    return " ".join(part for part in re.split(r"[\s,;/+\-–]+", text) if part.lower() != "et")


_ELECTRIC = re.compile(
    r"(?:habilit\w*|\bhab\b\.?)\s*(?:\w+\s+)?elec|\belectri(?:que|cite)s?\b|"
    r"\bhabelec\b|nf ?c ?18"
)
_SYMBOLS_WITHIN = re.compile(rf"(?<![A-Za-z0-9]){_SYMBOLS.pattern}(?!\w)")


_ELECTRICAL = "Habilitation électrique"


def _electrical(said: str, typed: str) -> CredentialName | None:
    if _ELECTRIC.search(said):
        match = _SYMBOLS_WITHIN.search(typed)
        return CredentialName(_ELECTRICAL, electrical_symbols(match[0]) if match else "")
    symbols = electrical_symbols(typed) if "permis" not in said else ""
    return CredentialName(_ELECTRICAL, symbols) if symbols else None


# The others


_PHYTO_ROLES = (
    (r"operat|applicat", "opérateur"),
    (r"conseil", "conseil"),
    (r"vent|vend|distribu", "vente"),
)


def _phyto(said: str, typed: str) -> CredentialName | None:
    del typed
    if not re.search(r"certi[\s-]?phyto|phytosanit|phytopharma|\bphytos?\b", said):
        return None
    if re.search(r"decideur|\bdensa\b|\bdesa\b|\bdes?nsa\b", said):
        outside = re.search(r"non (?:soumis|agree)", said)
        agreed = re.search(r"\bdesa\b|agree|agrement", said) and not outside
        full = "Certiphyto décideur (entreprise agréée)" if agreed else "Certiphyto décideur"
        return CredentialName(full, "décideur")
    for pattern, name in _PHYTO_ROLES:
        if re.search(pattern, said):
            return CredentialName(f"Certiphyto {name}", name)
    return CredentialName("Certiphyto")


_LICENCES = (
    (r"\bc1e\b", "C1E"),
    (r"\bd1e\b", "D1E"),
    (r"\bde\b(?=\s*$|\s*\))", "DE"),
    (r"\bce\b|\bec\b|\be ?\(?c\)?\b|super[\s-]?lourds?|\bspl\b", "CE"),
    (r"\bbe\b|\beb\b|\be ?\(b\)", "BE"),
    (r"\bc1\b", "C1"),
    (r"\bc\b|\bpl\b|poids[\s-]lourds?", "C"),
    (r"\bd1\b", "D1"),
    (r"\bd\b|transports? en commun|\btc\b", "D"),
    (r"\bb ?96\b", "B96"),
    (r"\bb\b|\bvl\b", "B"),
)
_OTHER_PERMIT = re.compile(
    r"permis (?:de )?(?:feu|fouille|travail|construire|chasse|bateau|mer|cotier|fluvial)"
)


def _licence(said: str, typed: str) -> CredentialName | None:
    del typed
    if not re.search(r"\bpermis\b", said) or _OTHER_PERMIT.search(said):
        return None
    rest = re.sub(r"\bpermis\b(?: de conduire)?", " ", said).strip(" s:-.()")
    if not rest:
        return CredentialName("Permis")
    for pattern, name in _LICENCES:
        if re.search(pattern, rest):
            return CredentialName(f"Permis {name}")
    return None


_AUTHORISATION = re.compile(r"\baut(?:oris\w*)?\.?\s+(?:de\s+)?conduite")


def _authorisation(said: str, typed: str) -> CredentialName | None:
    match = _AUTHORISATION.search(said)
    if match is None or "caces" in said[: match.start()]:
        return None
    caces = _caces_category_of_authorisation(said)
    rest = _without(typed, match) if len(fold(typed)) == len(typed) else said[match.end() :]
    return CredentialName("Autorisation de conduite", caces or _bare(rest))


def _caces_category_of_authorisation(said: str) -> str:
    caces = _caces(said, "") if _CACES_NUMBER.search(said) else None
    return f"{caces.type_name.removeprefix('CACES ')} {caces.category}".strip() if caces else ""


def _without(typed: str, match: re.Match[str]) -> str:
    return f"{typed[: match.start()]} {typed[match.end() :]}"


def _bare(words: str) -> str:
    """What is left of a heading once the words about dates and its marks are gone."""
    bare = re.sub(r"\([^)]*\)|\b[Dd]ates?\b|\b[Vv]alidit[ée]\b", " ", words)
    return " ".join(bare.split()).strip(" -–—/:.,;")


def _fixed(pattern: str, name: str, categories: tuple[tuple[str, str], ...] = ()) -> _Reader:
    """A reader of a type that a pattern tells, with its categories by their patterns."""
    compiled = re.compile(pattern)

    def read(said: str, typed: str) -> CredentialName | None:
        del typed
        if not compiled.search(said):
            return None
        found = [category for of, category in categories if re.search(of, said)]
        return CredentialName(name, found[0] if found else "")

    return read


def _numbered(pattern: str, name: str) -> _Reader:
    """A reader of a type whose number is part of its name: SSIAP 1, SSIAP 2."""

    def read(said: str, typed: str) -> CredentialName | None:
        del typed
        match = re.search(pattern, said)
        return CredentialName(name.format(match[1])) if match else None

    return read


_Reader = Callable[[str, str], CredentialName | None]

_READERS: tuple[_Reader, ...] = (
    _authorisation,
    _caces,
    _fixed(
        r"\baipr\b", "AIPR",
        ((r"operat", "opérateur"), (r"encadr", "encadrant"), (r"concept", "concepteur")),
    ),
    _fixed(r"formateur\w*\s+(?:de\s+)?sst", "Formateur SST"),
    _fixed(r"\bsst\b|sauveteurs? secouristes?|\bs\.s\.t\b", "SST"),
    _fixed(r"\bpsc ?1\b|\bpsc\b|secours civiques?", "PSC1"),
    _fixed(
        r"\bprap\b|gestes et postures", "PRAP",
        ((r"\bibc\b", "IBC"), (r"\b2s\b|sanitaire", "2S"), (r"enfance|\bpe\b", "petite enfance")),
    ),
    _fixed(
        r"echaf|\br ?\.?(?:408|457)\b", "Échafaudage (R408)",
        ((r"r ?\.?457|roulant", "roulant (R457)"), (r"mont", "montage"),
         (r"verif|recept", "vérification"), (r"utilis", "utilisation")),
    ),
    _fixed(r"\bharnais\b|\bhauteur\b", "Travail en hauteur"),
    _fixed(r"\bss ?\.?3\b|sous[\s-]section 3", "Amiante SS3"),
    _fixed(
        r"\bss ?\.?4\b|sous[\s-]section 4|amiante", "Amiante SS4",
        ((r"operat", "opérateur"), (r"technique", "encadrant technique"),
         (r"chantier", "encadrant de chantier"), (r"encadr", "encadrant"), (r"cumul", "cumul")),
    ),
    _phyto,
    _fixed(
        r"certi[\s-]?biocide", "Certibiocide",
        ((r"nuisible", "nuisibles"), (r"desinf", "désinfectants"), (r"autre", "autres produits")),
    ),
    _licence,
    _fixed(
        r"\bfcos?\b", "FCO",
        ((r"marchandise|\btm\b|fcom", "marchandises"), (r"voyageur|\btv\b|fcov", "voyageurs")),
    ),
    _fixed(
        r"\bfimo\b", "FIMO",
        ((r"marchandise|\btm\b", "marchandises"), (r"voyageur|\btv\b", "voyageurs")),
    ),
    _fixed(
        r"\bcatec\b|espaces? confines?", "CATEC (espaces confinés)",
        ((r"surveil", "surveillant"), (r"interven", "intervenant")),
    ),
    _numbered(r"\bssiap ?-? ?([123])", "SSIAP {}"),
    _fixed(
        r"equipiers? de (?:premiere|1\w*) intervention|\bepi\b.*incendie|incendie.*\bepi\b|"
        r"extincteur",
        "Équipier de première intervention",
    ),
    _fixed(
        r"tronconneuse|\becc ?\d?\b|\becs ?\d?\b", "Tronçonneuse (ECC)",
        tuple((rf"\b{level} ?{number}\b", f"{level.upper()}{number}") for level in ("ecc", "ecs")
              for number in range(1, 6)),
    ),
    _fixed(r"\bsoud(?:age|eur|ure)s?\b", "Soudage"),
    _fixed(r"\bhaccp\b|hygiene alimentaire", "Hygiène alimentaire (HACCP)"),
    _fixed(r"radioprotection|\bpcr\b", "Radioprotection"),
    _electrical,
)  # fmt: skip


@lru_cache(maxsize=4096)
def named_credential(typed: str) -> CredentialName | None:
    """The credential that a text names; None when it names none that is known."""
    said = " ".join(fold(typed).split())
    if not said or len(said) > 120:
        return None
    for read in _READERS:
        found = read(said, " ".join(typed.split()))
        if found:
            return found
    return None


def is_whole_family(name: CredentialName) -> bool:
    """Whether only the family is said: « CACES », « Certiphyto », without which one."""
    return name.type_name in {"CACES", "Certiphyto", "Permis"}


def titles_in(typed: str, family: str = "") -> list[str]:
    """The titles of a cell: its parts when each names a credential, else the cell as a whole.

    « B, C, CE » are three titles under the heading « Permis », which is then the family.
    """
    for mark in (r"\n|;", r"\s[+/–-]\s|\set\s", r",\s*|\s(?=[Rr]\.?\s?4\d\d\b)", r"[\s/+]+"):
        parts = [part.strip(" ,-–") for part in re.split(mark, typed) if part.strip(" ,-–")]
        titles = [f"{family} {part}".strip() for part in parts]
        if len(parts) > 1 and all(_names_one(title) for title in titles):
            return titles
    return [f"{family} {typed}".strip() if family == "Permis" else typed]


def _names_one(title: str) -> bool:
    found = named_credential(title)
    return found is not None and not is_whole_family(found) and not electrical_symbols(title)


_FAMILIES = (
    (r"caces", "CACES"), (r"electri", "Habilitation électrique"), (r"aipr", "AIPR"),
    (r"phyto", "Certiphyto"), (r"biocide", "Certibiocide"), (r"permis", "Permis"),
    (r"\bsst\b|secouris", "SST"), (r"autorisation", "Autorisation de conduite"),
    (r"\bfco\b", "FCO"), (r"\bfimo\b", "FIMO"), (r"amiante|ss ?4", "Amiante"), (r"prap", "PRAP"),
    (r"catec|confine", "CATEC"), (r"hauteur", "Travail en hauteur"), (r"echafaud", "Échafaudage"),
    (r"psc", "PSC1"), (r"ssiap", "SSIAP"), (r"haccp|hygiene", "Hygiène alimentaire"),
    (r"soud", "Soudage"), (r"tronconneuse", "Tronçonneuse"),
)  # fmt: skip


def families_named(words: str) -> tuple[str, ...]:
    """How the types begin that a sentence speaks of: « sauf AIPR et Certiphyto »."""
    said = fold(words)
    return tuple(name for pattern, name in _FAMILIES if re.search(pattern, said))
