"""The like of a risk at the other departments, from the command line."""

from __future__ import annotations

from argparse import Namespace

from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.services.risk_lookup import find_risk
from prevention_app.services.similar_risks import similar
from prevention_app.storage.store import Store


def similar_risks(given: Namespace, store: Store) -> int:
    """Tell of like risks at the other departments, and what was done about them."""
    with store.reading() as read:
        found = similar(read, find_risk(read, given.reference))
    if given.json:
        report.as_json(
            [
                {
                    "risk": each.risk.reference,
                    "department": each.risk.owner,
                    "unit": each.unit,
                    "situation": each.risk.situation,
                    "likeness": each.likeness,
                    "level": each.assessment.residual_level.code if each.assessment else None,
                    "measures": [one.title for one in each.measures],
                    "actions": [one.title for one in each.actions],
                }
                for each in found
            ]
        )
        return DONE
    if not found:
        report.line("Aucun risque semblable des autres départements n’est connu ici.")
    for each in found:
        level = each.assessment.residual_level.label_fr if each.assessment else "à évaluer"
        report.line(f"{each.risk.reference}  {each.unit} : {each.risk.situation} ({level})")
        for heading, told in (("En place", each.measures), ("Actions", each.actions)):
            if told:
                report.line(f"  {heading} : {' ; '.join(one.title for one in told)}")
    return DONE
