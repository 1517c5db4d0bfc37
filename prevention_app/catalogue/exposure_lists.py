"""The closed lists of the annexes of the document unique: stable codes with their words."""

from __future__ import annotations

from prevention_app.catalogue.description import Choice


class OccupationalFactor(Choice):
    """The ten occupational risk factors (code du travail L4161-1)."""

    HANDLING = "handling", "Manutentions manuelles de charges", "Manual handling"
    POSTURES = "postures", "Postures pénibles", "Awkward postures"
    VIBRATION = "vibration", "Vibrations mécaniques", "Mechanical vibration"
    CHEMICALS = "chemicals", "Agents chimiques dangereux", "Hazardous chemicals"
    HYPERBARIC = "hyperbaric", "Milieu hyperbare", "Hyperbaric work"
    TEMPERATURE = "temperature", "Températures extrêmes", "Extreme temperatures"
    NOISE = "noise", "Bruit", "Noise"
    NIGHT = "night", "Travail de nuit", "Night work"
    SHIFTS = "shifts", "Équipes successives alternantes", "Alternating shifts"
    REPETITIVE = "repetitive", "Travail répétitif", "Repetitive work"


class FigureBasis(Choice):
    """What a number of persons exposed rests on."""

    MEASURED = "measured", "Mesure", "Measured"
    ESTIMATED = "estimated", "Estimation", "Estimated"


class CmrCategory(Choice):
    """Which CMR an agent is (règlement CLP; code du travail R4412-60)."""

    CAT_1A = "1A", "Catégorie 1A", "Category 1A"
    CAT_1B = "1B", "Catégorie 1B", "Category 1B"
    CAT_2 = "2", "Catégorie 2", "Category 2"
    PROCESS = "process", "Procédé cancérogène listé", "Listed process"


class HeatLevel(Choice):
    """From which heat-wave vigilance on a plan applies (arrêté du 27 mai 2025)."""

    GREEN = "green", "Vert (toute la saison)", "Green (all season)"
    YELLOW = "yellow", "Jaune (pic de chaleur)", "Yellow"
    ORANGE = "orange", "Orange (canicule)", "Orange"
    RED = "red", "Rouge (canicule extrême)", "Red"


class PsychosocialDimension(Choice):
    """The six dimensions of the expert group on psychosocial risks (report of 2011)."""

    INTENSITY = "intensity", "Intensité et temps de travail", "Intensity and working time"
    EMOTION = "emotion", "Exigences émotionnelles", "Emotional demands"
    AUTONOMY = "autonomy", "Autonomie", "Autonomy"
    RELATIONS = "relations", "Rapports sociaux au travail", "Social relations"
    VALUES = "values", "Conflits de valeurs", "Conflicts of values"
    INSECURITY = "insecurity", "Insécurité de la situation de travail", "Insecurity"


class Judgement(Choice):
    """What is thought of a dimension: the words of the shipped method, no figures."""

    FAVOURABLE = "1", "Favorable", "Favourable"
    WATCHED = "2", "À surveiller", "To be watched"
    DEGRADED = "3", "Dégradée", "Degraded"
    CRITICAL = "4", "Critique", "Critical"


class DiagnosisMethod(Choice):
    """How a diagnosis of psychosocial risks was made."""

    INTERVIEWS = "interviews", "Entretiens", "Interviews"
    QUESTIONNAIRE = "questionnaire", "Questionnaire", "Questionnaire"
    INDICATORS = "indicators", "Indicateurs", "Indicators"
    SEVERAL = "several", "Plusieurs de ces méthodes", "Several of them"


class PsychosocialIndicator(Choice):
    """The grid of indicators (accord-cadre du 22 octobre 2013)."""

    ABSENCE = "absence", "Taux d’absentéisme (%)", "Absence rate (%)"
    TURNOVER = "turnover", "Taux de rotation (%)", "Turnover rate (%)"
    VIOLENCE = "violence", "Accidents liés à des violences", "Accidents by violence"
    VISITS = "visits", "Visites médicales spontanées", "Medical visits asked for"
    ENTRIES = "entries", "Signalements RPS au registre (RSST)", "Entries in the register"


class RiskGroup(Choice):
    """Those whom the law protects apart: groups, never persons."""

    PREGNANT = "pregnant", "Femmes enceintes ou allaitantes", "Pregnant or nursing women"
    YOUNG = "young", "Jeunes de moins de 18 ans", "Under 18"
    DISABLED = "disabled", "Travailleurs handicapés", "Disabled workers"
    LONE = "lone", "Travailleurs isolés", "Lone workers"
    SEASONAL = "seasonal", "Saisonniers et renforts", "Seasonal workers"
    TEMPORARY = "temporary", "Intérimaires et contractuels courts", "Temporary workers"
    TRAINEES = "trainees", "Apprentis et stagiaires", "Apprentices and trainees"
    NEWCOMERS = "newcomers", "Nouveaux arrivants", "Newcomers"
    SENIORS = "seniors", "Agents en fin de carrière", "Older workers"
    RESTRICTED = "restricted", "Agents avec restrictions d’aptitude", "With restrictions"
