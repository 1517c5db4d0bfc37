"""Closed lists: stable codes with their French and English words."""

from __future__ import annotations

from prevention_app.catalogue.description import Choice


class MeasureType(Choice):
    """What a measure does, in the order of the nine principles (code du travail L4121-2)."""

    REMOVAL = "removal", "Suppression du risque", "Removal"
    SUBSTITUTION = "substitution", "Substitution", "Substitution"
    AT_SOURCE = "at_source", "Action à la source", "At the source"
    COLLECTIVE = "collective", "Protection collective", "Collective protection"
    ORGANISATION = "organisation", "Organisation du travail", "Work organisation"
    PERSONAL = "personal", "Protection individuelle (EPI)", "Personal protection"
    TRAINING = "training", "Formation et instructions", "Training and instructions"


class MeasureStanding(Choice):
    """Whether a measure of the library is often in place, or worth proposing."""

    EXISTING = "existing", "Souvent en place", "Often in place"
    PROPOSED = "proposed", "À proposer", "Worth proposing"


class ActionState(Choice):
    """The life of a planned action, ending with its effect verified."""

    PROPOSED = "proposed", "Proposée", "Proposed"
    TO_DO = "to_do", "À faire", "To do"
    IN_PROGRESS = "in_progress", "En cours", "In progress"
    ONGOING = "ongoing", "En continu", "Ongoing"
    DONE = "done", "Réalisée", "Done"
    VERIFIED = "verified", "Efficacité vérifiée", "Effect verified"
    POSTPONED = "postponed", "Reportée", "Postponed"
    ABANDONED = "abandoned", "Abandonnée", "Abandoned"


class EvaluationState(Choice):
    """Whether people who looked at the work have rated a risk there."""

    EVALUATED = "evaluated", "Évalué", "Evaluated"
    TO_EVALUATE = "to_evaluate", "À évaluer", "To be evaluated"


class RatingBasis(Choice):
    """What a rating rests on: who looked at the work, or what was taken over (P6)."""

    ON_SITE = "on_site", "Évaluée sur place", "Rated on site"
    CONFIRMED = "confirmed", "Confirmée sur place", "Confirmed on site"
    IN_BULK = "in_bulk", "Réputée identique", "Deemed identical"
    IMPORTED = "imported", "Reprise d’un document", "Taken from a document"
    DESK = "desk", "Établie sur documents", "Made from documents"


class FollowUp(Choice):
    """What became of an entry of the health and safety register."""

    OPEN = "open", "Ouverte", "Open"
    ANSWERED = "answered", "Répondue", "Answered"
    IN_PROGRESS = "in_progress", "En cours de traitement", "Being dealt with"
    CLOSED = "closed", "Close", "Closed"


class AuthorKind(Choice):
    """Who wrote in the health and safety register."""

    STAFF = "staff", "Agent", "Member of staff"
    PUBLIC = "public", "Usager", "Member of the public"


class ObservationNature(Choice):
    """What an entry of the health and safety register is about."""

    RISK = "risk", "Risque", "Risk"
    CONDITIONS = "conditions", "Conditions de travail", "Working conditions"
    SUGGESTION = "suggestion", "Suggestion", "Suggestion"


class AccidentKind(Choice):
    """The kinds of accident and disease that statistics keep apart."""

    SERVICE = "service", "Accident de service", "Accident at work"
    COMMUTING = "commuting", "Accident de trajet", "Commuting accident"
    MISSION = "mission", "Accident en mission", "Accident on a mission"
    DISEASE = "occupational_disease", "Maladie professionnelle", "Occupational disease"
    NEAR_MISS = "near_miss", "Presqu’accident", "Near miss"


class Recognition(Choice):
    """What the employer decided on an accident or disease."""

    PENDING = "pending", "En attente", "Pending"
    RECOGNISED = "recognised", "Reconnu", "Recognised"
    REFUSED = "refused", "Refusé", "Refused"


class Sex(Choice):
    """As the law asks for figures by sex (code du travail L4121-3)."""

    WOMAN = "F", "Femme", "Woman"
    MAN = "H", "Homme", "Man"


class ServiceState(Choice):
    """Whether an equipment is subject to inspection now."""

    IN_SERVICE = "in_service", "En service", "In service"
    SUSPENDED = "suspended", "Suspendu (hors service)", "Suspended (out of service)"
    NOT_APPLICABLE = "not_applicable", "Sans objet", "Not applicable"


class Conclusion(Choice):
    """How an inspection ended."""

    COMPLIANT = "compliant", "Conforme", "Compliant"
    WITH_OBSERVATIONS = "with_observations", "Avec observations", "With observations"
    STOPPED = "stopped", "Arrêt d’usage", "Stopped"


class PeriodStatus(Choice):
    """What a period rests on; only an obligation may be called non-compliant."""

    OBLIGATION = "obligation", "Obligation", "Obligation"
    STANDARD = "standard", "Norme", "Standard"
    RECOMMENDATION = "recommendation", "Recommandation", "Recommendation"
    HOUSE_RULE = "house_rule", "Règle interne", "House rule"
    TO_CHECK = "to_check", "À vérifier", "To be checked"


class CredentialState(Choice):
    """What a cell of the credentials workbook says about a person and a type."""

    HELD = "held", "Détenue", "Held"
    HELD_UNDATED = "held_undated", "Détenue, date à renseigner", "Held, date unknown"
    PLANNED = "planned", "À prévoir", "Planned"
    NOT_APPLICABLE = "not_applicable", "Sans objet", "Not applicable"


class StockClass(Choice):
    """What a line of the store is; the regime follows."""

    PLANT_PROTECTION = "plant_protection", "Phytopharmaceutique (AMM)", "Plant protection"
    LOW_CONCERN = "low_concern", "Biocontrôle, faible risque ou AB", "Biocontrol or low risk"
    MACRO_ORGANISM = "macro_organism", "Macro-organisme", "Macro-organism"
    BASIC_SUBSTANCE = "basic_substance", "Substance de base", "Basic substance"
    FERTILISER = "fertiliser", "Matière fertilisante (MFSC)", "Fertiliser"
    BIOCIDE = "biocide", "Biocide", "Biocide"
    CLEANING = "cleaning", "Produit d’entretien", "Cleaning product"
    UNKNOWN = "unknown", "Inconnu", "Unknown"


class StockState(Choice):
    """Where a product in the store stands on its way out."""

    IN_STOCK = "in_stock", "En stock", "In stock"
    SET_ASIDE = "set_aside", "PPNU isolé", "Set aside as waste"
    COLLECTED = "collected", "Remis à la collecte", "Handed to collection"
    DESTROYED = "destroyed", "Éliminé", "Destroyed"


class FieldKind(Choice):
    """The kinds of field that a user may add."""

    TEXT = "text", "Texte", "Text"
    LONG_TEXT = "long_text", "Texte long", "Long text"
    INTEGER = "integer", "Nombre entier", "Whole number"
    DECIMAL = "decimal", "Nombre", "Number"
    MONEY = "money", "Montant", "Amount"
    DATE = "date", "Date", "Date"
    YES_NO = "yes_no", "Oui ou non", "Yes or no"
    CHOICE = "choice", "Liste de choix", "Choice"


class Role(Choice):
    """What a station may do for a department."""

    ADVISER = "adviser", "Conseiller de prévention", "Prevention adviser"
    ASSISTANT = "assistant", "Assistant de prévention", "Prevention assistant"
    HEAD_OF_SERVICE = "head_of_service", "Chef de service", "Head of service"
    ACCIDENT_MANAGER = "accident_manager", "Gestionnaire des accidents", "Accident manager"
    TRAINING_MANAGER = "training_manager", "Gestionnaire de formation", "Training manager"
    COMMITTEE = "committee", "F3SCT", "Committee"
    MANAGEMENT = "management", "Direction", "Management"
    ADMINISTRATOR = "administrator", "Administrateur", "Administrator"


class EliminationState(Choice):
    """How far a list of what is to be eliminated has come."""

    PREPARED = "prepared", "Préparé", "Prepared"
    VISA = "visa", "Visé", "Visa given"
    EXECUTED = "executed", "Exécuté", "Executed"


class Category(Choice):
    """What roles are given rights on: every register belongs to one."""

    PREVENTION = "prevention", "Prévention", "Prevention"
    HEALTH = "health", "Accidents et maladies", "Accidents and diseases"
    PEOPLE = "people", "Agents", "People"
    TRAINING = "training", "Formations et habilitations", "Training and credentials"
    ORGANISATION = "organisation", "Organisation", "Organisation"
    DOCUMENTS = "documents", "Pièces jointes", "Attachments"
    IMPORTS = "imports", "Reprises de fichiers", "Imports"
    SHARED = "shared", "Commun aux départements", "Shared by the departments"
    IDENTITY = "identity", "Ordinateurs et utilisateurs", "Stations and users"
    RIGHTS = "rights", "Droits", "Rights"


class RoleExtent(Choice):
    """How much of a category a role may read or write."""

    NOTHING = "nothing", "Rien", "Nothing"
    WITHOUT_NAMES = "without_names", "Sans les noms", "Without names"
    EVERYTHING = "everything", "Tout", "Everything"


class OutflowExtent(Choice):
    """How much of a register a department lets another one see."""

    NOTHING = "nothing", "Rien", "Nothing"
    FIGURES = "figures", "Les chiffres", "Figures"
    EVERYTHING = "everything", "Tout", "Everything"
