"""The national catalogue of plant-protection products (E-Phy, Anses), as it is published.

Ten tables that nobody types: their rows come from the published files and are read only. The
aliases of a field are its headings in these files; two fields with one heading take its first and
second occurrence. An empty cell means "not published", never "no" or "zero".

Source: Anses, « Données ouvertes du catalogue E-Phy », data.gouv.fr, Licence Ouverte.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from prevention_app.catalogue.description import Choice, Record, entity, field

GROUP = "Catalogue national (E-Phy)"
REFERENCE_SET = "ephy"


class PublishedState(Choice):
    """Whether a product or a permit is authorised, as published."""

    AUTHORISED = "authorised", "Autorisé", "Authorised"
    WITHDRAWN = "withdrawn", "Retiré", "Withdrawn"


class UseState(Choice):
    """Whether one use of a product is authorised, as published."""

    AUTHORISED = "authorised", "Autorisé", "Authorised"
    PROVISIONAL = "provisional", "Autorisé (provisoire)", "Authorised (provisional)"
    WITHDRAWN = "withdrawn", "Retrait", "Withdrawn"


class SubstanceState(Choice):
    """Whether the European Union approves an active substance, as published."""

    APPROVED = "approved", "Inscrite", "Approved"
    NOT_APPROVED = "not_approved", "Non inscrite", "Not approved"
    OTHER = "other", "Autre cas", "Other case"


# Headings that several of the published files share.
_PUBLISHED_STATE = field("État d’autorisation", "State", aliases=("Etat d’autorisation",))
_PRODUCT_TYPE = field("Type de produit", "Product type", aliases=("type produit",))
_HOLDER = field("Titulaire", "Holder", aliases=("titulaire",))
_COMMERCIAL_TYPE = field("Type commercial", "Commercial type", aliases=("type commercial",))
_USER_RANGE = field("Gamme d’usage", "User range", aliases=("gamme usage",))
_FUNCTIONS = field("Fonctions", "Functions", aliases=("fonctions",))
_FORMULATIONS = field("Formulations", "Formulations", aliases=("formulations",))
_AMM = field("N° AMM", "Authorisation number", aliases=("numero AMM",))
_PRODUCT_NAME = field("Nom du produit", "Product name", aliases=("nom produit",))
_USE = field("Usage", "Use", aliases=("identifiant usage",))
_RANK = field(
    "Rang",
    "Rank",
    default=1,
    help="Le catalogue publie parfois plusieurs lignes pour une même clé : leur ordre.",
)
_USE_STATE = field("État de l’usage", "State", aliases=("etat usage",))
_DECIDED_ON = field("Date de décision", "Decided on", aliases=("date decision",))
_DISTRIBUTION_UNTIL = field(
    "Fin de distribution", "Distribution until", aliases=("date fin distribution",)
)
_USE_UNTIL = field("Fin d’utilisation", "Use until", aliases=("date fin utilisation",))
_DOSE = field("Dose retenue", "Dose", aliases=("dose retenue",))
_DOSE_UNIT = field("Unité de dose", "Dose unit", aliases=("dose retenue unite",))
_MAX_APPLICATIONS = field(
    "Nombre maximal d’applications", "Applications at most", aliases=("nombre max d'application",)
)
_STAGE_MIN = field(
    "Stade minimal (BBCH)", "First stage (BBCH)", aliases=("stade cultural min (BBCH)",)
)
_STAGE_MAX = field(
    "Stade maximal (BBCH)",
    "Last stage (BBCH)",
    aliases=("stade cultural max (BBCH)", "tade cultural max (BBCH)"),
)
_HARVEST_DAYS = field(
    "Délai avant récolte (jours)", "Days before harvest", aliases=("delai avant recolte jour",)
)
_HARVEST_STAGE = field(
    "Délai avant récolte (BBCH)",
    "Stage before harvest (BBCH)",
    aliases=("delai avant recolte bbch",),
)
_WATER_BUFFER = field("ZNT aquatique (m)", "Buffer to water (m)", aliases=("ZNT aquatique (en m)",))
_ARTHROPOD_BUFFER = field(
    "ZNT arthropodes (m)",
    "Buffer to arthropods (m)",
    aliases=("ZNT arthropodes non cibles (en m)",),
)
_PLANT_BUFFER = field(
    "ZNT plantes (m)", "Buffer to plants (m)", aliases=("ZNT plantes non cibles (en m)",)
)
_CONDITIONS = field(
    "Conditions d’emploi", "Conditions of use", lines=3, aliases=("condition emploi",)
)
_USE_MENTIONS = field(
    "Mentions de l’usage", "Mentions of the use", aliases=("mentions autorisees",)
)


@entity(
    "plant_protection_product",
    code="PROD",
    category="shared",
    label=("Produits phytopharmaceutiques", "Plant-protection products"),
    item_fr="Produit phytopharmaceutique",
    group=GROUP,
    title=("name", "amm"),
    key_fields=("amm",),
    order=("name",),
    reference_set=REFERENCE_SET,
)
class PlantProtectionProduct(Record):
    """A product that has or had an authorisation to be placed on the French market."""

    amm: str = field(
        "N° AMM", "Authorisation number", search=True, aliases=("numero AMM",), help="Sans espace."
    )
    number_as_published: str = field(
        "N° AMM tel que publié",
        "Number as published",
        help="Avec ses espaces éventuels ; sert à comparer deux éditions.",
    )
    name: str = field("Nom du produit", "Product name", search=True, aliases=("nom produit",))
    state: PublishedState | None = _PUBLISHED_STATE
    withdrawn_on: date | None = field(
        "Retiré le", "Withdrawn on", aliases=("Date de retrait du produit",)
    )
    first_authorised_on: date | None = field(
        "Première autorisation le",
        "First authorised on",
        aliases=("Date de première autorisation",),
    )
    product_type: str | None = _PRODUCT_TYPE
    other_names: str | None = field(
        "Seconds noms commerciaux",
        "Other trade names",
        lines=2,
        search=True,
        aliases=("seconds noms commerciaux",),
    )
    holder: str | None = _HOLDER
    commercial_type: str | None = _COMMERCIAL_TYPE
    user_range: str | None = _USER_RANGE
    mentions: str | None = field(
        "Mentions autorisées", "Authorised mentions", aliases=("mentions autorisees",)
    )
    restrictions: str | None = field(
        "Restrictions d’usage", "Restrictions", aliases=("restrictions usage",)
    )
    restrictions_text: str | None = field(
        "Texte des restrictions",
        "Text of the restrictions",
        lines=3,
        aliases=("restrictions usage libelle",),
    )
    substances: str | None = field(
        "Substances actives",
        "Active substances",
        lines=2,
        search=True,
        aliases=("Substances actives",),
    )
    functions: str | None = _FUNCTIONS
    formulations: str | None = _FORMULATIONS
    reference_amm: str | None = field(
        "N° AMM du produit de référence",
        "Number of the reference product",
        aliases=("Numéro AMM du produit de référence",),
    )
    reference_name: str | None = field(
        "Produit de référence", "Reference product", aliases=("Nom du produit de référence",)
    )


@entity(
    "plant_product_use",
    code="USAG",
    category="shared",
    label=("Usages des produits", "Uses of products"),
    item_fr="Usage d’un produit",
    group=GROUP,
    title=("product_name", "use"),
    key_fields=("amm", "use", "rank"),
    order=("amm", "use", "rank"),
    reference_set=REFERENCE_SET,
)
class PlantProductUse(Record):
    """One use (crop, treatment, target) of a product, authorised or withdrawn, with its dose."""

    amm: str = _AMM
    product_name: str | None = _PRODUCT_NAME
    use: str = _USE
    rank: int = _RANK
    state: UseState | None = _USE_STATE
    decided_on: date | None = _DECIDED_ON
    distribution_until: date | None = _DISTRIBUTION_UNTIL
    use_until: date | None = _USE_UNTIL
    dose: Decimal | None = _DOSE
    dose_unit: str | None = _DOSE_UNIT
    max_applications: int | None = _MAX_APPLICATIONS
    interval_days: Decimal | None = field(
        "Intervalle minimal (jours)",
        "Shortest interval (days)",
        aliases=("intervalle minimum entre applications (jour)",),
    )
    stage_min: str | None = _STAGE_MIN
    stage_max: str | None = _STAGE_MAX
    harvest_days: int | None = _HARVEST_DAYS
    harvest_stage: str | None = _HARVEST_STAGE
    water_buffer: Decimal | None = _WATER_BUFFER
    arthropod_buffer: Decimal | None = _ARTHROPOD_BUFFER
    plant_buffer: Decimal | None = _PLANT_BUFFER
    conditions: str | None = _CONDITIONS
    mentions: str | None = _USE_MENTIONS


@entity(
    "plant_product_authorised_use",
    code="USAU",
    category="shared",
    label=("Usages des produits autorisés", "Uses of authorised products"),
    item_fr="Usage d’un produit autorisé",
    group=GROUP,
    title=("product_name", "use"),
    key_fields=("amm", "use", "rank"),
    order=("amm", "use", "rank"),
    reference_set=REFERENCE_SET,
)
class PlantProductAuthorisedUse(Record):
    """One use of a product that is still authorised, with the product's own columns repeated."""

    amm: str = _AMM
    product_name: str | None = _PRODUCT_NAME
    use_code: str | None = field(
        "Code de l’usage", "Code of the use", aliases=("identifiant usage lib court",)
    )
    use: str = _USE
    rank: int = _RANK
    state: UseState | None = _USE_STATE
    decided_on: date | None = _DECIDED_ON
    distribution_until: date | None = _DISTRIBUTION_UNTIL
    use_until: date | None = _USE_UNTIL
    dose: Decimal | None = _DOSE
    dose_unit: str | None = _DOSE_UNIT
    max_applications: int | None = _MAX_APPLICATIONS
    stage_min: str | None = _STAGE_MIN
    stage_max: str | None = _STAGE_MAX
    harvest_days: int | None = _HARVEST_DAYS
    harvest_stage: str | None = _HARVEST_STAGE
    water_buffer: Decimal | None = _WATER_BUFFER
    arthropod_buffer: Decimal | None = _ARTHROPOD_BUFFER
    plant_buffer: Decimal | None = _PLANT_BUFFER
    conditions: str | None = _CONDITIONS
    product_type: str | None = _PRODUCT_TYPE
    other_names: str | None = field(
        "Seconds noms commerciaux",
        "Other trade names",
        lines=2,
        aliases=("seconds noms commerciaux",),
    )
    holder: str | None = _HOLDER
    commercial_type: str | None = _COMMERCIAL_TYPE
    user_range: str | None = _USER_RANGE
    product_mentions: str | None = field(
        "Mentions du produit", "Mentions of the product", aliases=("mentions autorisees",)
    )
    substances: str | None = field(
        "Substances actives", "Active substances", lines=2, aliases=("Substances actives",)
    )
    functions: str | None = _FUNCTIONS
    formulations: str | None = _FORMULATIONS
    mentions: str | None = _USE_MENTIONS


@entity(
    "plant_product_condition",
    code="CEMP",
    category="shared",
    label=("Conditions d’emploi des produits", "Conditions of use of products"),
    item_fr="Condition d’emploi",
    group=GROUP,
    title=("product_name", "category"),
    key_fields=("amm", "category", "rank"),
    order=("amm", "category", "rank"),
    reference_set=REFERENCE_SET,
)
class PlantProductCondition(Record):
    """What a product's authorisation demands: protection, re-entry, water, neighbours."""

    amm: str = _AMM
    product_name: str | None = _PRODUCT_NAME
    category: str = field("Catégorie", "Category", aliases=("catégorie de condition d’emploi",))
    rank: int = _RANK
    text: str | None = field(
        "Condition d’emploi", "Condition of use", lines=4, aliases=("condition d’emploi libelle",)
    )
    product_type: str | None = _PRODUCT_TYPE


@entity(
    "plant_product_hazard_class",
    code="CDAN",
    category="shared",
    label=("Classes de danger des produits", "Hazard classes of products"),
    item_fr="Classe de danger",
    group=GROUP,
    title=("product_name", "hazard_class"),
    key_fields=("amm", "class_code", "hazard_class", "rank"),
    order=("amm", "class_code", "rank"),
    reference_set=REFERENCE_SET,
)
class PlantProductHazardClass(Record):
    """A hazard class or signal word of a product (règlement CLP)."""

    amm: str = _AMM
    product_name: str | None = _PRODUCT_NAME
    class_code: str = field("Classe (code)", "Class (code)", aliases=("Libellé court",))
    hazard_class: str | None = field("Classe de danger", "Hazard class", aliases=("Libellé long",))
    rank: int = _RANK


@entity(
    "plant_product_hazard_statement",
    code="MDAN",
    category="shared",
    label=("Mentions de danger des produits", "Hazard statements of products"),
    item_fr="Mention de danger",
    group=GROUP,
    title=("product_name", "statement_code"),
    key_fields=("amm", "statement_code", "rank"),
    order=("amm", "statement_code", "rank"),
    reference_set=REFERENCE_SET,
)
class PlantProductHazardStatement(Record):
    """A hazard statement of a product (H317, EUH401…): drives re-entry time and CMR warnings."""

    amm: str = _AMM
    product_name: str | None = _PRODUCT_NAME
    statement_code: str = field(
        "Mention (code)", "Statement (code)", aliases=("Libellé court phrase de risque",)
    )
    statement: str | None = field(
        "Mention de danger", "Hazard statement", aliases=("Libellé long phrase de risque",)
    )
    rank: int = _RANK


@entity(
    "parallel_trade_permit",
    code="PCPA",
    category="shared",
    label=("Permis de commerce parallèle", "Parallel trade permits"),
    item_fr="Permis de commerce parallèle",
    group=GROUP,
    title=("name", "permit"),
    key_fields=("permit", "imported_number", "rank"),
    order=("name", "rank"),
    reference_set=REFERENCE_SET,
)
class ParallelTradePermit(Record):
    """An imported product that may be sold as equal to a French reference product."""

    permit: str = field("N° de permis", "Permit number", search=True, aliases=("N° Permis",))
    name: str = field("Nom du produit", "Product name", search=True, aliases=("Nom du produit",))
    state: PublishedState | None = _PUBLISHED_STATE
    holder: str | None = field("Détenteur du permis", "Holder", aliases=("Détenteur PCP",))
    reference_name: str | None = field(
        "Produit de référence français",
        "French reference product",
        aliases=("Produit de référence français",),
    )
    reference_amm: str | None = field(
        "N° AMM de référence français",
        "Number of the French reference",
        aliases=("N° AMM de référence français",),
    )
    imported_name: str | None = field(
        "Produit importé", "Imported product", aliases=("Nom du produit importé",)
    )
    imported_number: str | None = field(
        "N° AMM du produit importé",
        "Number of the imported product",
        aliases=("N° AMM du produit importé",),
    )
    origin: str | None = field(
        "État membre d’origine", "Member state of origin", aliases=("Etat Membre d'origine",)
    )
    label_mentions: str | None = field(
        "Mentions d’étiquetage", "Labelling", aliases=("Mentions d'étiquetage",)
    )
    rank: int = _RANK


@entity(
    "active_substance",
    code="SUBS",
    category="shared",
    label=("Substances actives", "Active substances"),
    item_fr="Substance active",
    group=GROUP,
    title=("name",),
    key_fields=("name",),
    order=("name",),
    reference_set=REFERENCE_SET,
)
class ActiveSubstance(Record):
    """An active substance and whether it is approved in the European Union."""

    name: str = field("Nom", "Name", search=True, aliases=("Nom substance active",))
    cas_number: str | None = field("N° CAS", "CAS number", aliases=("Numero CAS",))
    state: SubstanceState | None = _PUBLISHED_STATE
    variants: str | None = field("Variantes", "Variants", lines=2, aliases=("Variant",))


@entity(
    "fertiliser_composition",
    code="MFCO",
    category="shared",
    label=("Composition des matières fertilisantes", "Composition of fertilisers"),
    item_fr="Composition d’une matière fertilisante",
    group=GROUP,
    title=("product_name", "amm"),
    key_fields=("amm",),
    order=("product_name",),
    reference_set=REFERENCE_SET,
)
class FertiliserComposition(Record):
    """What an authorised fertiliser or mixed product is made of."""

    amm: str = _AMM
    product_name: str | None = _PRODUCT_NAME
    product_type: str | None = _PRODUCT_TYPE
    composition: str | None = field("Composition", "Composition", lines=3, aliases=("Composition",))
    claim: str | None = field("Revendication", "Claim", lines=2, aliases=("Revendication",))
    denomination: str | None = field(
        "Dénomination de classe", "Class denomination", aliases=("Dénomination de classe",)
    )


@entity(
    "fertiliser_use",
    code="MFUS",
    category="shared",
    label=("Usages des matières fertilisantes", "Uses of fertilisers"),
    item_fr="Usage d’une matière fertilisante",
    group=GROUP,
    title=("product_name", "crop"),
    key_fields=("amm", "crop", "rank"),
    order=("amm", "crop", "rank"),
    reference_set=REFERENCE_SET,
)
class FertiliserUse(Record):
    """One use of a fertiliser or mixed product, with its doses and seasons."""

    amm: str = _AMM
    product_name: str | None = _PRODUCT_NAME
    crop: str | None = field("Culture", "Crop", aliases=("type culture libelle",))
    rank: int = _RANK
    crop_comment: str | None = field(
        "Précision sur la culture", "Crop comment", lines=2, aliases=("culture commentaire",)
    )
    state: UseState | None = _USE_STATE
    decided_on: date | None = _DECIDED_ON
    dose_min: Decimal | None = field(
        "Dose minimale par apport", "Lowest dose", aliases=("dose min par apport",)
    )
    dose_min_unit: str | None = field(
        "Unité de la dose minimale",
        "Unit of the lowest dose",
        aliases=("dose min par apport unite",),
    )
    dose_max: Decimal | None = field(
        "Dose maximale par apport", "Highest dose", aliases=("dose max par apport",)
    )
    dose_max_unit: str | None = field(
        "Unité de la dose maximale",
        "Unit of the highest dose",
        aliases=("dose max par apport unite",),
    )
    stage_min: str | None = _STAGE_MIN
    stage_max: str | None = _STAGE_MAX
    season_from: str | None = field(
        "Saison, début", "Season, start", aliases=("saison application min",)
    )
    season_until: str | None = field(
        "Saison, fin", "Season, end", aliases=("saison application max",)
    )
    season_from_comment: str | None = field(
        "Saison, début (précision)",
        "Season, start (comment)",
        aliases=("saison application min commentaire",),
    )
    season_until_comment: str | None = field(
        "Saison, fin (précision)",
        "Season, end (comment)",
        aliases=("saison application max commentaire",),
    )
    product_type: str | None = _PRODUCT_TYPE


REFERENCE_TABLES: tuple[type[Record], ...] = (
    PlantProtectionProduct,
    PlantProductUse,
    PlantProductAuthorisedUse,
    PlantProductCondition,
    PlantProductHazardClass,
    PlantProductHazardStatement,
    ParallelTradePermit,
    ActiveSubstance,
    FertiliserComposition,
    FertiliserUse,
)
"""The ten published tables, in the order in which people look for them."""
