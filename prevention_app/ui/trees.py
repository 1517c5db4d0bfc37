"""What the trees of the window have in common."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QTreeView


def go_to(tree: QTreeView, index: QModelIndex) -> bool:
    """Put the cursor on a row, unfolding what hides it; says whether there is such a row."""
    if not index.isValid():
        return False
    above = index.parent()
    while above.isValid():
        tree.expand(above)
        above = above.parent()
    tree.setCurrentIndex(index)
    tree.scrollTo(index)
    return True
