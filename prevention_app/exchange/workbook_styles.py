"""How the workbook looks: its colours, its cell formats, its number formats."""

from __future__ import annotations

from typing import Any

from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import Column, Figure, Look, Paint, Tab, Tone

NAVY = "#17324D"
TEAL = "#0F6E73"
INK = "#1F2933"
NOTE = "#5B6770"
HAIRLINE = "#C9D2DA"
BAND = "#E8EEF4"
CREAM = "#FFF6DB"
CARD = "#F3F6F9"
OCHRE = "#B7791F"
WINE = "#7A1022"
SUN = "#F4C95D"
STEEL = "#2F6B9A"
SKY = "#BFD3E4"
SLATE = "#B9C7D5"
EDGE = "#6D7F90"
AMBER = "#F0B429"
CLARET = "#8E1230"
WHITE = "#FFFFFF"
LINK = "#0B3D91"

TABS = {
    Tab.SYNTHESIS: NAVY,
    Tab.INDICATORS: TEAL,
    Tab.DUE: "#C2410C",
    Tab.REGISTER: EDGE,
    Tab.ENTRY: OCHRE,
}
TONES = {Tone.PLAIN: TEAL, Tone.WATCH: OCHRE, Tone.DECIDE: WINE}

FONT = "Calibri"
LINE_FACTOR = 1.22
"""Characters of nine-point Calibri on one unit of column width."""

_NUMBER_FORMATS = {
    Look.INTEGER: "#,##0",
    Look.NUMBER: "General",
    Look.DECIMAL: "0.0",
    Look.MONEY: '#,##0 "€"',
    Look.PERCENT: "0%",
    Look.TENTHS: "0.0%",
    Look.HUNDREDTHS: "0.00",
    Look.OF_HUNDRED: '0"\u00a0%"',
    Look.YEAR: "0",
    Look.DATE: "dd/mm/yyyy",
    Look.MONTH: "mm/yyyy",
    Look.DATETIME: "dd/mm/yyyy hh:mm",
}
_RIGHT = frozenset(
    {
        Look.INTEGER,
        Look.NUMBER,
        Look.DECIMAL,
        Look.MONEY,
        Look.PERCENT,
        Look.TENTHS,
        Look.HUNDREDTHS,
        Look.OF_HUNDRED,
    }
)
_CENTRED = frozenset({Look.CENTRED, Look.DATE, Look.MONTH, Look.DATETIME, Look.YEAR})


def number_format(look: Look) -> str:
    """The number format of a look; « General » for texts."""
    return _NUMBER_FORMATS.get(look, "General")


def figure_format(figure: Figure) -> str:
    """A number format that writes the words around the figure, so that the cell holds the number.

    What is no number (« < 5 ») is shown with the same words.
    """
    pattern, unit = number_format(figure.look), ""
    if figure.look is Look.MONEY:
        pattern, unit = "#,##0", "\u00a0€"
    before, after = _quoted(figure.before), _quoted(unit + figure.after)
    number = f"{before}{pattern}{after}"
    return f"{number};{before}-{pattern}{after};{number};{before}@{_quoted(figure.after)}"


def _quoted(words: str) -> str:
    return f'"{typeset(words)}"' if words else ""


def is_wrapped(look: Look) -> bool:
    """Whether the texts of the look take several lines."""
    return look is Look.WRAPPED


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        """Make formats in this XlsxWriter workbook."""
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def make(self, **properties: Any) -> Any:
        """The format with these properties over nine-point ink."""
        known = {"font_name": FONT, "font_size": 9, "font_color": INK, "valign": "vcenter"}
        wanted = known | properties
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]

    def cell(self, look: Look, **properties: Any) -> Any:
        """A cell of a table: hairline below, aligned as its kind of value is."""
        base: dict[str, Any] = {"bottom": 1, "bottom_color": HAIRLINE}
        if look in _NUMBER_FORMATS:
            base["num_format"] = number_format(look)
        if look in _CENTRED:
            base["align"] = "center"
        elif look in _RIGHT:
            base["align"] = "right"
        else:
            base |= {"align": "left", "indent": 1}
        if look is Look.WRAPPED:
            base["text_wrap"] = True
        if look is Look.STRONG:
            base["bold"] = True
        if look is Look.LINK:
            base |= {"font_color": LINK, "underline": 1}
        return self.make(**(base | properties))

    def heading(self, column: Column) -> Any:
        """The heading of a column: cream where what is typed below comes back, else navy."""
        colours = (
            {"font_color": NAVY, "bg_color": CREAM}
            if column.editable
            else {"font_color": WHITE, "bg_color": NAVY}
        )
        centred = column.look in _CENTRED or column.look in _RIGHT
        return self.make(
            bold=True,
            text_wrap=True,
            border=1,
            border_color=HAIRLINE,
            **({"align": "center"} if centred else {"align": "left", "indent": 1}),
            **colours,
        )

    def paint(self, paint: Paint) -> Any:
        """What a conditional format lays over a cell."""
        properties: dict[str, Any] = {"bg_color": paint.fill, "font_color": paint.text}
        if paint.bold:
            properties["bold"] = True
        if paint.italic:
            properties["italic"] = True
        key = (("over", True), *sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def title(self) -> Any:
        """The title of a sheet."""
        return self.make(font_size=18, bold=True, font_color=NAVY)

    def explanation(self) -> Any:
        """The sentence under the title."""
        return self.make(font_size=10, font_color=NOTE)

    def note(self) -> Any:
        """A remark below a table."""
        return self.make(font_color=NOTE, italic=True)

    def link(self, size: int = 9) -> Any:
        """A link outside tables."""
        return self.make(font_color=LINK, underline=1, font_size=size)


def lay_paints(sheet: Any, styles: Styles, column: Column, cells: str) -> None:
    """Colour the cells of a range by the words they hold, or give them bars."""
    for each in column.paints:
        word = each.word.replace('"', '""')
        sheet.conditional_format(
            cells,
            {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": styles.paint(each)},
        )
    if column.bar:
        sheet.conditional_format(
            cells,
            {
                "type": "data_bar",
                "bar_color": SKY,
                "bar_solid": True,
                "min_type": "num",
                "max_type": "num",
                "min_value": 0,
                "max_value": 100,
            },
        )
