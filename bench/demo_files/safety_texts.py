"""What people wrote in the health and safety registers, and what they were answered."""

from __future__ import annotations

RISK, CONDITIONS, SUGGESTION = "Risque", "Conditions de travail", "Suggestion"

TEXTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "CER": (
        (RISK, "Le portail automatique du centre se referme sur les véhicules : la cellule ne détecte plus.", "Portail mis en position ouverte, technicien passé le lendemain, cellule remplacée."),
        (RISK, "Absence d'éclairage devant l'abri à sel, on charge la saleuse dans le noir à 4 h du matin.", "Deux projecteurs à détection commandés, pose avant le début de l'astreinte hivernale."),
        (RISK, "Les gants anti-coupure distribués au printemps sont déjà percés, plus de stock en taille 10.", "Réassort fait, essai de deux autres modèles avec l'équipe."),
        (RISK, "Véhicules qui roulent trop vite dans la zone de chantier de la RD, deux cônes percutés cette semaine.", "Demande de contrôle transmise à la gendarmerie ; fourgon de balisage ajouté en amont."),
        (CONDITIONS, "Douche des vestiaires sans eau chaude depuis trois semaines.", "Ballon remplacé."),
        (CONDITIONS, "Pas d'eau fraîche dans les fourgons pendant les jours de forte chaleur.", "Glacières et bouteilles isothermes distribuées ; horaires décalés à 6 h en vigilance orange."),
        (SUGGESTION, "Installer un marchepied rabattable sur le plateau du camion pour ne plus monter par la roue.", "Retenu : essai sur un camion, généralisation l'an prochain si concluant."),
        (SUGGESTION, "Prévoir une tablette par fourgon avec les schémas de balisage.", "Demande inscrite au prochain budget."),
        (RISK, "Le siège du tracteur de fauchage ne tient plus la suspension, mal de dos en fin de journée.", "Siège pneumatique commandé, livraison annoncée sous trois semaines."),
        (RISK, "Produit de nettoyage sans étiquette dans l'atelier, un collègue a eu la main irritée.", "Produit retiré ; rappel sur l'interdiction de transvaser sans étiquette."),
    ),
    "COLE": (
        (RISK, "Carrelage du hall très glissant dès qu'il pleut, deux collègues ont failli tomber ce mois-ci.", "Tapis absorbant posé à l'entrée ; traitement antidérapant chiffré par les bâtiments."),
        (RISK, "Prise arrachée en salle 12, fils visibles, élèves présents dans la salle.", "Salle fermée le jour même, prise remplacée par l'équipe mobile."),
        (RISK, "La porte coupe-feu du couloir sciences est maintenue ouverte par une cale.", "Cale retirée ; devis demandé pour un asservissement au SSI."),
        (RISK, "Escabeau du local ménage sans patins, il glisse sur le sol.", "Escabeau mis au rebut, plateforme individuelle roulante livrée."),
        (CONDITIONS, "Monobrosse trop lourde à porter à l'étage, pas d'ascenseur dans le bâtiment B.", "Une monobrosse par étage prévue dans le plan d'équipement."),
        (CONDITIONS, "Local ménage sans aération, odeur forte de produits.", "Grille de ventilation posée pendant les vacances ; nombre de produits réduit."),
        (CONDITIONS, "Une seule agente présente le mercredi soir pour fermer tout l'établissement.", "Fermeture à deux décidée avec la direction du collège ; DATI prêté en attendant."),
        (SUGGESTION, "Regrouper les grands nettoyages d'été sur trois semaines avec l'équipe volante.", "Planning modifié pour l'été prochain."),
        (SUGGESTION, "Mettre des chariots de lavage pré-imprégnés comme dans l'autre collège.", "Essai d'un mois réalisé, achat de deux chariots validé."),
        (RISK, "Pigeons dans le préau, fientes sur le sol à nettoyer chaque matin.", "Filets à poser ; masques FFP2 et consigne de nettoyage humide remis aux agents."),
    ),
    "COLR": (
        (RISK, "Le siphon de la plonge déborde, le sol reste gras toute la matinée.", "Curage effectué, raclette supplémentaire ; reprise des pentes programmée l'an prochain."),
        (RISK, "La poignée intérieure de la chambre froide négative est dure, risque de rester enfermé.", "Poignée remplacée, alarme d'enfermement testée chaque mois."),
        (RISK, "Gants anti-coupure manquants pour le nettoyage du trancheur.", "Deux paires remises, consigne affichée près de la machine."),
        (CONDITIONS, "Chaleur insupportable en cuisine en juin, hotte en panne.", "Hotte réparée ; pauses ajoutées et ventilateurs interdits près des feux."),
        (CONDITIONS, "Effectif réduit à deux pour 380 repas depuis la rentrée.", "Remplacement obtenu à compter du mois suivant, menus allégés d'ici là."),
        (SUGGESTION, "Commander les conserves en boîtes de 3 kg plutôt que 5 kg.", "Accord du groupement d'achats pour la prochaine commande."),
        (RISK, "Le bac du lave-vaisselle fuit, produit lessiviel sur le sol.", "Intervention du fournisseur, douchette oculaire vérifiée."),
    ),
    "SOC": (
        (RISK, "Altercation à l'accueil, usager ayant frappé du poing sur la banque, aucun collègue à proximité.", "Bouton d'alerte installé ; formation à la gestion des conflits proposée aux trois agents."),
        (RISK, "Bureau d'entretien n° 3 : l'usager est assis entre nous et la porte.", "Mobilier retourné dans tous les bureaux d'entretien."),
        (RISK, "Visite à domicile avec deux chiens non attachés.", "Consigne ajoutée à la prise de rendez-vous ; visite à deux sur ce secteur."),
        (CONDITIONS, "Température de 31 °C dans les bureaux du deuxième étage en juillet.", "Films solaires commandés, télétravail élargi en vigilance orange."),
        (CONDITIONS, "Charge de dossiers devenue impossible à tenir depuis deux départs non remplacés.", "Rencontre avec la direction le mois dernier, un poste publié, répartition revue."),
        (CONDITIONS, "Bruit permanent dans l'espace d'accueil, impossible de se concentrer.", "Panneaux acoustiques chiffrés."),
        (SUGGESTION, "Prévoir une supervision mensuelle animée par un intervenant extérieur.", "Marché passé, première séance en janvier."),
        (SUGGESTION, "Équiper les véhicules de service d'une lampe et d'un gilet.", "Fait pour les douze véhicules."),
        (RISK, "Parking du personnel non éclairé à la sortie de 19 h.", "Deux mâts remis en service."),
    ),
    "ENFA": (
        (RISK, "Seule la nuit pour onze jeunes, un incident par semaine.", "Second poste de nuit inscrit au budget ; cadre d'astreinte joignable dès maintenant."),
        (RISK, "Porte de l'issue de secours du premier étage bloquée par un lit.", "Chambre réaménagée le jour même."),
        (CONDITIONS, "Pas de temps de relève entre l'équipe de jour et celle de nuit.", "Quinze minutes de chevauchement testées pendant trois mois."),
        (SUGGESTION, "Former toute l'équipe à la gestion de crise non violente.", "Deux sessions réservées l'an prochain."),
    ),
    "ESPV": (
        (RISK, "Débroussailleuse sans anneau de protection, projections sur le second agent.", "Machine remplacée, distance de 15 m rappelée."),
        (RISK, "Beaucoup de tiques cette année, pas de tire-tique dans les trousses.", "Trousses complétées, fiche réflexe affichée au dépôt."),
        (RISK, "Bidons anciens au fond du local phyto, étiquettes illisibles.", "Produits isolés, collecte demandée."),
        (SUGGESTION, "Acheter une tondeuse à batterie pour les abords de l'étang.", "Essai prévu au printemps."),
    ),
    "ATEL": (
        (RISK, "Pont élévateur n° 2 : bruit anormal à la descente.", "Pont consigné, verrou réglé par le vérificateur, remis en service après essai."),
        (RISK, "L'aspiration au poste de soudage ne tire presque plus.", "Filtre changé ; mesure de débit demandée."),
        (CONDITIONS, "Courant d'air glacial à l'atelier, porte sectionnelle cassée.", "Porte réparée."),
        (SUGGESTION, "Marquer au sol une allée piétonne entre le magasin et l'atelier.", "Marquage fait pendant la fermeture d'août."),
    ),
    "LABO": (
        (RISK, "La sorbonne de la salle 14 ne se met plus en alarme quand la vitre est levée.", "Mise hors service, réparée la semaine suivante."),
        (SUGGESTION, "Remplacer les pipettes manuelles par des électroniques.", "Quatre pipettes achetées."),
    ),
    "ADMI": (
        (CONDITIONS, "Siège cassé, mal au dos depuis la rentrée, poste à deux écrans mal réglé.", "Étude de poste faite par l'ergonome du centre de gestion, siège livré."),
        (CONDITIONS, "Chauffage en panne au troisième étage, 16 °C ce matin.", "Vanne débloquée dans la journée."),
        (RISK, "Cartons d'archives dans le couloir, largeur de passage réduite à 60 cm.", "Couloir dégagé, benne commandée."),
        (SUGGESTION, "Afficher les noms des guides et serre-files à chaque étage.", "Affiches posées avant l'exercice de novembre."),
        (RISK, "Marche descellée dans l'escalier d'honneur.", "Escalier balisé, réparation faite par la régie."),
    ),
    "ARCH": (
        (RISK, "Rayonnage mobile n° 4 : le frein ne tient plus.", "Travée condamnée, intervention du fabricant."),
        (CONDITIONS, "Poussière et moisissures sur un versement récent, maux de gorge.", "Quarantaine et masques FFP2 ; dépoussiérage sous hotte."),
    ),
    "MDPH": (
        (RISK, "Une personne en fauteuil n'a pas pu sortir lors de l'exercice : l'ascenseur était coupé et rien n'est prévu.", "Espace d'attente sécurisé signalé, chaise d'évacuation achetée."),
        (CONDITIONS, "File d'attente jusque dans la rue le lundi matin, tensions fréquentes.", "Rendez-vous en ligne ouverts, second guichet le lundi."),
    ),
}  # fmt: skip
