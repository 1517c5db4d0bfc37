"""What is known of one unit or site of the organisation, beside the trees."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from prevention_app.i18n import number_text
from prevention_app.services.organisation_tree import (
    ORG_UNIT,
    SITE,
    WORK_UNIT,
    Node,
    Organisation,
    Past,
)
from prevention_app.ui import layouts, style, words
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_NAMES = {ORG_UNIT: "Direction ou service", WORK_UNIT: "Unité de travail", SITE: "Site"}
_MOST_LINKS = 12
_MOST_PAST = 4


class OrganisationDetail(QFrame):
    """What is known of the node that is chosen, and what hangs on it."""

    open_asked = Signal(str, str)
    choose_asked = Signal(str)
    """The id of another node."""

    def __init__(self) -> None:
        """No node is chosen yet."""
        super().__init__()
        self.setObjectName("detail")
        self.setMinimumWidth(280)
        self._node: Node | None = None
        self._kind = _label("secondary")
        self._name = _label("pane_title")
        self._about = _label("crumb")
        self._figures = _label("")
        self._head = _label("strong")
        self._links = QVBoxLayout()
        self._links.setSpacing(0)
        self.open_button = button("Ouvrir la fiche", "arrow-right")
        self.open_button.clicked.connect(self._open)
        inner = QWidget()
        inner.setObjectName("form_content")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(6)
        for each in (self._kind, self._name, self._about, self._figures):
            column.addWidget(each)
        column.addSpacing(4)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(10)
        column.addWidget(self._head)
        column.addLayout(self._links)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def show_node(self, node: Node | None, found: Organisation, session: Session) -> None:
        """Show another node, or none."""
        self._node = node
        self.setVisible(node is not None)
        layouts.empty(self._links)
        if node is None:
            return
        self._kind.setText(f"{_NAMES[node.register]}, {session.department_name(node.owner)}")
        self._name.setText(node.name)
        ended = "" if node.until is None else f"Jusqu’au {words.day_in_full(node.until)}"
        past = (_told(each) for each in found.past.get(node.id, ())[:_MOST_PAST])
        self._about.setText(
            "\n".join(filter(None, (_path(node, found), node.detail, ended, *past)))
        )
        self._about.setVisible(bool(self._about.text()))
        units = words.count(node.members, "unité de travail", "unités de travail")
        self._figures.setText(
            "\n".join(
                (
                    words.count(node.people, "agent"),
                    words.count(
                        node.risks, "risque au document unique", "risques au document unique"
                    ),
                    *(() if node.register == WORK_UNIT else (units,)),
                )
            )
        )
        self._show_links(node, found)

    def _show_links(self, node: Node, found: Organisation) -> None:
        head, linked = _linked(node, found)
        self._head.setText(head)
        self._head.setVisible(bool(linked))
        for each in linked[:_MOST_LINKS]:
            link = button(each.name)
            style.mark(link, "look", "link")
            link.setToolTip(each.name)
            link.clicked.connect(partial(self.choose_asked.emit, each.id))
            link.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._links.addWidget(link)
        if len(linked) > _MOST_LINKS:
            rest = _label("secondary")
            rest.setText(f"et {number_text(len(linked) - _MOST_LINKS)} autres")
            self._links.addWidget(rest)

    def _open(self) -> None:
        if self._node is not None:
            self.open_asked.emit(self._node.register, self._node.id)


def _label(look: str) -> QLabel:
    made = QLabel()
    made.setWordWrap(True)
    style.mark(made, "look", look)
    return made


def _told(past: Past) -> str:
    """How a node stood: « Jusqu’au 31 oct. 2026 : Équipe Nord, dans Routes »."""
    above = f", dans {past.above}" if past.above else ""
    return f"Jusqu’au {words.day_in_full(past.until)}\u00a0: {past.name}{above}"


def _path(node: Node, found: Organisation) -> str:
    """The names above a node, from the top."""
    names: list[str] = []
    above = found.nodes.get(node.parent)
    while above is not None:
        names.insert(0, above.name)
        above = found.nodes.get(above.parent)
    return " › ".join(names)


def _linked(node: Node, found: Organisation) -> tuple[str, list[Node]]:
    """What a node holds, or the site that a work unit lies on, under a heading."""
    if node.register == WORK_UNIT:
        return "Site", [found.nodes[node.site]] if node.site else []
    if node.register == ORG_UNIT:
        return "Services et unités", [found.nodes[key] for key in found.below.get(node.id, ())]
    inside = [found.nodes[key] for key in found.sites.get(node.id, ())]
    units = [each for each in found.nodes.values() if each.site == node.id]
    return "Sur ce site", [*inside, *sorted(units, key=lambda each: each.order)]
