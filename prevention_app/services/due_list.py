"""The list of what is due as a person wants to look at it: filtered, grouped, counted.

Questions and answers are plain and small whatever the size of the workspace: an answer holds the
first lines of each group and the number of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from prevention_app.catalogue.values import fold
from prevention_app.domain.due import DueGroup, DueItem, DueState, first_groups
from prevention_app.domain.urgency import (
    PRESSING,
    Horizon,
    Urgency,
    is_this_week,
    is_within,
    urgency_of,
)
from prevention_app.services.due_sources import Owners

WAITING: Final = (DueState.LATE, DueState.NEVER_DONE, DueState.TO_PLAN)
"""States that call for an act: what the navigation counts beside a register."""
ACTIONS: Final = "planned_action"
_MOST_LINES: Final = 300
"""When so many lines are laid out, the groups that follow come folded."""
_MOST_SECTIONS: Final = 300
_ITEMS_OF_A_LOT: Final = 40
"""A closed lot tells of so many of its items: answers stay small."""
_LINES_OF_A_LOT: Final = 200


class Grouping(StrEnum):
    """By what the list is grouped."""

    URGENCY = "urgency"
    REGISTER = "register"
    PLACE = "place"
    RESPONSIBLE = "responsible"


@dataclass(frozen=True, slots=True)
class Sought:
    """Filters of the list: all that are set hold."""

    horizon: Horizon | None = None
    register: str = ""
    place: str | None = None
    responsible: str | None = None
    day: date | None = None
    text: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class DueQuestion:
    """What a page wants to know."""

    today: date
    owners: Owners
    """Departments whose records are wanted; empty means all."""
    mine: tuple[str, ...] = ()
    """Names and functions of the person who asks; see `is_mine`."""
    sought: Sought = Sought()
    grouping: Grouping = Grouping.URGENCY
    urgencies: tuple[Urgency, ...] = ()
    """Only these groups are laid out; empty means all."""
    mine_first: bool = False
    """What waits for the person who asks stands before what others answer for."""
    lines: int = 200
    """How many lines of each group; 0 lays nothing out and only counts."""
    more: Mapping[str, int] = field(default_factory=dict[str, int])
    """Group → how many lines of it, where it is not `lines`."""
    marks: bool = False
    """Whether the days of the calendar are wanted."""
    folded: frozenset[str] = frozenset()
    unfolded: frozenset[str] = frozenset()
    """Groups that are laid out although those before them fill the list."""
    opened: frozenset[str] = frozenset()
    """Keys of lots whose records are wanted one by one."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line of a group: a thing, or like things at one place."""

    key: str
    text: str
    items: tuple[DueItem, ...]
    """Most urgent first; the first ones of a large lot."""
    number: int = 1
    """How many items it stands for."""
    inside: bool = False
    """One of a lot that was opened."""

    @property
    def first(self) -> DueItem:
        """The most urgent: its date and state are those of the line."""
        return self.items[0]


@dataclass(frozen=True, slots=True)
class DueSection:
    """One group of the list."""

    key: str
    label: str
    """Empty for a register, which the window names, and where nothing is known."""
    urgency: Urgency | None
    mine: bool | None
    """Whose it is, where the list tells them apart."""
    items: int
    lines_in_all: int
    """0 for a folded group, whose lines nobody counted."""
    lines: tuple[DueLine, ...]


@dataclass(frozen=True, slots=True)
class DueFigures:
    """The counters."""

    late: int = 0
    oldest_days: int = 0
    soon: int = 0
    this_week: int = 0
    near: int = 0
    actions: int = 0
    actions_in_time: int = 0
    unknown: int = 0
    never_done: int = 0


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """What the list shows."""

    sections: tuple[DueSection, ...]
    figures: DueFigures
    waiting: Mapping[str, int]
    """Register → how many of its items wait; « » all that is late, « due » within 90 days."""
    found: int
    """How many items the filters leave."""
    marks: Mapping[date, tuple[Urgency, int]]
    """Day → how urgent and how many, of what the filters leave but for that of the day."""
    registers: Mapping[str, int]
    places: Mapping[str, int]
    responsibles: Mapping[str, int]
    """What one can filter by, with numbers, of all that is not up to date."""
    next_on: date | None
    """The next date that comes, however far."""


def is_mine(responsible: str, mine: Iterable[str]) -> bool:
    """Whether one of these names or functions is the one who answers.

    The whole text is compared, but for accents and capitals; of a person's name, « Marchand » in
    « Mme C. Marchand » is enough.
    """
    held = fold(responsible)
    words = set(_words(held))
    for each in mine:
        wanted = fold(each)
        name = [word for word in _words(wanted) if len(word) > 1]
        if held == wanted or (name and words and set(name) <= words and len(name) <= len(words)):
            return True
    return False


def _words(text: str) -> list[str]:
    return text.replace(".", " ").replace(",", " ").replace("'", " ").split()


Judged = tuple[DueItem, Urgency]
"""An item and its group on the day of the question."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What many questions of one person have in common: all before the filters."""

    items: Sequence[Judged]
    mine: frozenset[str]
    """Which of the responsibles are the person who asks."""
    figures: DueFigures
    waiting: Mapping[str, int]
    registers: Mapping[str, int]
    places: Mapping[str, int]
    responsibles: Mapping[str, int]


class DueIndex:
    """Items as they stand on a day; answers questions about them."""

    def __init__(self, items: Iterable[DueItem], today: date) -> None:
        """Judge each item once."""
        self._today = today
        self._judged: list[Judged] = [(each, urgency_of(each, today)) for each in items]
        self._grounds: dict[tuple[Owners, tuple[str, ...], bool], _Ground] = {}

    def answer(self, question: DueQuestion) -> DueAnswer:
        """Filter, count and group."""
        sought, ground = question.sought, self._ground(question)
        but_day = list(_sought(ground.items, sought))
        left = [each for each in but_day if sought.day is None or each[0].due_on == sought.day]
        return DueAnswer(
            sections=tuple(_sections(left, question, ground.mine)) if question.lines else (),
            figures=ground.figures,
            waiting=ground.waiting,
            found=len(left),
            marks=_marks(but_day) if question.marks else {},
            registers=ground.registers,
            places=ground.places,
            responsibles=ground.responsibles,
            next_on=min(
                (each.due_on for each, _ in left if each.due_on and each.due_on >= self._today),
                default=None,
            ),
        )

    def _ground(self, question: DueQuestion) -> _Ground:
        owners, only_mine = question.owners, question.sought.mine
        key = (owners, question.mine, only_mine)
        if key not in self._grounds:
            owned = [each for each in self._judged if not owners or each[0].department in owners]
            names = {each.responsible for each, _ in owned}
            mine = frozenset(name for name in names if is_mine(name, question.mine))
            seen = [each for each in owned if not only_mine or each[0].responsible in mine]
            pressing = [item for item, _ in seen if item.state is not DueState.UP_TO_DATE]
            self._grounds[key] = _Ground(
                items=seen,
                mine=mine,
                figures=_figures(seen, self._today),
                waiting=_waiting(owned),
                registers=Counter(each.register for each in pressing),
                places=_most(each.place for each in pressing),
                responsibles=_most(each.responsible for each in pressing),
            )
        return self._grounds[key]


def without(answer: DueAnswer, gone: Container[tuple[str, str]]) -> DueAnswer:
    """An answer whose lines no longer hold some records (register, id), until it is read again."""
    sections: list[DueSection] = []
    for section in answer.sections:
        kept = [
            replace(line, items=items, number=line.number - len(line.items) + len(items))
            for line in section.lines
            if (items := tuple(i for i in line.items if (i.register, i.record_id) not in gone))
        ]
        lost = sum(not each.inside for each in section.lines) - sum(not k.inside for k in kept)
        shown = sum(each.number for each in section.lines if not each.inside)
        left = sum(each.number for each in kept if not each.inside)
        made = replace(
            section,
            items=section.items - shown + left,
            lines_in_all=section.lines_in_all - lost,
            lines=tuple(kept),
        )
        if made.items:
            sections.append(made)
    return replace(answer, sections=tuple(sections))


def _sought(items: Sequence[Judged], sought: Sought) -> Iterable[Judged]:
    """What the filters leave, but for that of the day."""
    if replace(sought, mine=False, day=None) == Sought():
        return items
    asked = fold(sought.text).split()
    return (each for each in items if _is_sought(*each, sought, asked))


def _is_sought(item: DueItem, urgency: Urgency, sought: Sought, asked: Sequence[str]) -> bool:
    if sought.register and item.register != sought.register:
        return False
    if sought.place is not None and item.place != sought.place:
        return False
    if sought.responsible is not None and item.responsible != sought.responsible:
        return False
    if sought.horizon and not is_within(urgency, sought.horizon):
        return False
    if not asked:
        return True
    held = fold(f"{item.title} {item.what} {item.place} {item.responsible} {item.reference}")
    return all(word in held for word in asked)


def _figures(items: Sequence[Judged], today: date) -> DueFigures:
    by_urgency: dict[Urgency, list[DueItem]] = {each: [] for each in Urgency}
    for item, urgency in items:
        by_urgency[urgency].append(item)
    late, soon = by_urgency[Urgency.LATE], by_urgency[Urgency.SOON]
    near = soon + by_urgency[Urgency.NEAR]
    actions = [each for each, _ in items if each.register == ACTIONS]
    return DueFigures(
        late=len(late),
        oldest_days=max(((today - each.due_on).days for each in late if each.due_on), default=0),
        soon=len(soon),
        this_week=sum(is_this_week(each, today) for each in soon),
        near=len(near),
        actions=len(actions),
        actions_in_time=sum(each.state is not DueState.LATE for each in actions),
        unknown=len(by_urgency[Urgency.UNKNOWN]),
        never_done=len(by_urgency[Urgency.NEVER_DONE]),
    )


def _waiting(items: Iterable[Judged]) -> dict[str, int]:
    waiting = Counter(each.register for each, _ in items if each.state in WAITING)
    waiting[""] = sum(each.state is DueState.LATE for each, _ in items)
    waiting["due"] = sum(urgency in PRESSING for _, urgency in items)
    return dict(waiting)


def _marks(items: Iterable[Judged]) -> dict[date, tuple[Urgency, int]]:
    marks: dict[date, tuple[Urgency, int]] = {}
    rank = {each: at for at, each in enumerate(Urgency)}
    for each, urgency in items:
        if each.due_on is None:
            continue
        before, number = marks.get(each.due_on, (urgency, 0))
        marks[each.due_on] = (min(before, urgency, key=rank.__getitem__), number + 1)
    return marks


_CHOICES: Final = 60


def _most(values: Iterable[str]) -> dict[str, int]:
    """The values met most often, by name: a menu of them must stay readable."""
    counted = Counter(value for value in values if value).most_common(_CHOICES)
    return dict(sorted(counted, key=lambda each: fold(each[0])))


# -- groups --------------------------------------------------------------------------------


def _sections(
    items: Sequence[Judged], question: DueQuestion, whose: frozenset[str]
) -> Iterable[DueSection]:
    apart = question.mine_first and any(each.responsible in whose for each, _ in items)
    parted: dict[tuple[bool | None, str], list[DueItem]] = {}
    for each, urgency in items:
        if not question.urgencies or urgency in question.urgencies:
            mine = each.responsible in whose if apart else None
            key = urgency.value if question.grouping is Grouping.URGENCY else _kin(each, question)
            parted.setdefault((mine, key), []).append(each)
    ordered = sorted(parted, key=lambda each: _place_of(each, parted, question))
    room = _MOST_LINES
    for group in ordered[:_MOST_SECTIONS]:
        section = _section(group, parted[group], question, full=room <= 0)
        room -= len(section.lines)
        yield section
    rest = [item for group in ordered[_MOST_SECTIONS:] for item in parted[group]]
    if rest:
        yield DueSection("", "Autres groupes", None, None, len(rest), 0, ())


def _kin(item: DueItem, question: DueQuestion) -> str:
    return str(getattr(item, question.grouping.value))


def _place_of(
    group: tuple[bool | None, str],
    parted: Mapping[tuple[bool | None, str], list[DueItem]],
    question: DueQuestion,
) -> tuple[bool, int, str]:
    """Mine before others'; by urgency as declared, else the group with most that is late first."""
    mine, key = group
    if question.grouping is Grouping.URGENCY:
        return (mine is False, list(Urgency).index(Urgency(key)), "")
    late = sum(each.state is DueState.LATE for each in parted[group])
    return (mine is False, -late, fold(key))


def _section(
    group: tuple[bool | None, str], items: list[DueItem], question: DueQuestion, *, full: bool
) -> DueSection:
    """One group; folded where one asked for it, or where the list is `full` already."""
    mine, name = group
    by_urgency = question.grouping is Grouping.URGENCY
    key = name if mine is None else f"{'mine' if mine else 'others'}:{name}"
    lines: list[DueLine] = []
    in_all = 0
    if key not in question.folded and (not full or key in question.unfolded):
        groups, in_all = first_groups(items, question.more.get(key, question.lines))
        for each in groups:
            lines += _lines(each, question)
    return DueSection(
        key=key,
        label=Urgency(name).label_fr if by_urgency else name,
        urgency=Urgency(name) if by_urgency else None,
        mine=mine,
        items=len(items),
        lines_in_all=in_all,
        lines=tuple(lines),
    )


def _lines(group: DueGroup, question: DueQuestion) -> list[DueLine]:
    first = group.first
    if len(group.items) == 1:
        return [DueLine(_key(first), group.text, group.items)]
    key = f"{first.department}|{first.register}|{group.text}|{first.responsible}"
    made = [DueLine(key, group.text, group.items[:_ITEMS_OF_A_LOT], len(group.items))]
    if key in question.opened:
        shown = group.items[:_LINES_OF_A_LOT]
        made += [DueLine(_key(each), each.title, (each,), inside=True) for each in shown]
    return made


def _key(item: DueItem) -> str:
    return f"{item.register}|{item.record_id}|{item.field}"
