"""Keys as they are written on a French keyboard and in the menus."""

from __future__ import annotations

from typing import Final

_NAMES: Final = {
    "Return": "Entrée",
    "Enter": "Entrée",
    "Space": "Espace",
    "Delete": "Suppr",
    "Del": "Suppr",
    "Backspace": "Retour arrière",
    "Esc": "Échap",
    "Escape": "Échap",
    "Home": "Début",
    "End": "Fin",
    "PgUp": "Page ↑",
    "PgDown": "Page ↓",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "Shift": "Maj",
}


def in_words(keys: str) -> str:
    """« Ctrl Maj S » for Ctrl+Shift+S, « G puis A » for G, A."""
    pressed = [each for each in keys.split(", ") if each]
    return " puis ".join(
        " ".join(_NAMES.get(part, part) for part in each.split("+")) for each in pressed
    )
