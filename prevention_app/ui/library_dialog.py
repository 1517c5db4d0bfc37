"""« Ajouter depuis la bibliothèque »: the library over the page of the document unique."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from prevention_app.services.unit_tree import NodeKind, TreeNode
from prevention_app.ui.library_pane import LibraryPane
from prevention_app.ui.session import Session


class LibraryDialog(QDialog):
    """Closed once risks were added."""

    def __init__(self, session: Session, node: TreeNode, parent: QWidget) -> None:
        """The work unit chosen in the tree is ticked."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Ajouter depuis la bibliothèque")
        self.pane = LibraryPane(session)
        self.pane.open_button.hide()
        self.pane.taken.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pane)
        frame = parent.window()
        self.resize(min(1120, frame.width() - 40), min(720, frame.height() - 60))
        self.pane.read([node.key] if node.kind is NodeKind.WORK_UNIT else ())


def ask_library(session: Session, node: TreeNode, parent: QWidget) -> LibraryDialog:
    """Open the library over a page."""
    dialog = LibraryDialog(session, node, parent)
    dialog.open()
    return dialog
