"""What a cell of a .xlsx file shows by its style: a date, a solid colour, a strike-through."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from prevention_app.exchange.reading.serial_dates import DateKind, built_in_kind, format_kind
from prevention_app.exchange.reading.xlsx_text import is_on
from prevention_app.exchange.reading.xml_events import tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class CellStyle(NamedTuple):
    """The little of a style that means something to an import."""

    date_kind: DateKind | None = None
    fill: str | None = None
    """RRGGBB of a solid fill that is not white."""
    strike: bool = False


PLAIN = CellStyle()

_T = TypeVar("_T")

_WHITE = "FFFFFF"
_HEX = re.compile(r"[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?")
_OFFICE_THEME = (
    "FFFFFF 000000 EEECE1 1F497D 4F81BD C0504D 9BBB59 8064A2 4BACC6 F79646 0000FF 800080".split()
)
"""Theme colours of a file without a theme, in the order in which cells number them."""
_THEME_ORDER = (
    "lt1 dk1 lt2 dk2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink".split()
)
_BASE_PALETTE = "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF".split()
_PALETTE = (
    _BASE_PALETTE
    + _BASE_PALETTE
    + (
        "800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF "
        "660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF "
        "00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 "
        "FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333"
    ).split()
)
"""The indexed colours of ECMA-376 part 1, 18.8.27."""


def read_styles(content: bytes, theme: bytes | None) -> list[CellStyle]:
    """The styles in the order in which cells number them.

    Raises:
        UnreadableFile: a part is damaged or dangerous.
    """
    root = tree(content)
    colours = _Colours(root, None if theme is None else tree(theme))
    formats = {
        _number(each.get("numFmtId")): each.get("formatCode", "")
        for each in root.iterfind("{*}numFmts/{*}numFmt")
    }
    strikes = [_is_struck(each) for each in root.iterfind("{*}fonts/{*}font")]
    fills = [colours.solid(each) for each in root.iterfind("{*}fills/{*}fill")]
    return [
        CellStyle(
            date_kind=_date_kind(_number(xf.get("numFmtId")), formats),
            fill=_at(fills, _number(xf.get("fillId"))),
            strike=bool(_at(strikes, _number(xf.get("fontId")))),
        )
        for xf in root.iterfind("{*}cellXfs/{*}xf")
    ]


def _date_kind(number: int, formats: dict[int, str]) -> DateKind | None:
    code = formats.get(number)
    return built_in_kind(number) if code is None else format_kind(code)


def _is_struck(font: Element) -> bool:
    strike = font.find("{*}strike")
    return strike is not None and is_on(strike.get("val"))


def _at(items: Sequence[_T], index: int) -> _T | None:
    return items[index] if 0 <= index < len(items) else None


def _number(text: str | None) -> int:
    """A style's number; files that leave it empty mean the first."""
    return int(text) if text is not None and text.isdecimal() else 0


class _Colours:
    """Turns a colour as the file gives it (value, palette, theme with tint) into RRGGBB."""

    def __init__(self, styles: Element, theme: Element | None) -> None:
        own: list[str] = [
            _hex(each.get("rgb")) or "000000"
            for each in styles.iterfind("{*}colors/{*}indexedColors/{*}rgbColor")
        ]
        self._palette = own + _PALETTE[len(own) :]
        self._theme = _OFFICE_THEME if theme is None else _theme_colours(theme)

    def solid(self, fill: Element) -> str | None:
        """The colour of a solid fill; None without one or when it is white."""
        pattern = fill.find("{*}patternFill")
        if pattern is None or pattern.get("patternType") != "solid":
            return None
        colour = pattern.find("{*}fgColor")
        found = None if colour is None else self._colour(colour)
        return None if found == _WHITE else found

    def _colour(self, colour: Element) -> str | None:
        if "theme" in colour.attrib:
            base = _at(self._theme, _number(colour.get("theme")))
        elif "indexed" in colour.attrib:
            base = _at(self._palette, _number(colour.get("indexed")))
        else:
            base = _hex(colour.get("rgb"))
        return None if base is None else _tinted(base, colour.get("tint"))


def _theme_colours(theme: Element) -> Sequence[str]:
    scheme = theme.find("{*}themeElements/{*}clrScheme")
    if scheme is None:
        return _OFFICE_THEME
    colours: list[str] = []
    for name, usual in zip(_THEME_ORDER, _OFFICE_THEME, strict=True):
        entry = scheme.find(f"{{*}}{name}/*")
        value = None if entry is None else entry.get("lastClr") or entry.get("val")
        colours.append(_hex(value) or usual)
    return colours


def _hex(text: str | None) -> str | None:
    """RRGGBB from RRGGBB or AARRGGBB; None for anything else."""
    return text[-6:].upper() if text and _HEX.fullmatch(text) else None


def _tinted(colour: str, tint: str | None) -> str:
    """The colour made lighter (tint up to 1) or darker (down to -1), as 18.8.19 says."""
    try:
        shift = max(-1.0, min(1.0, float(tint or 0)))
    except ValueError:
        return colour
    if not shift:
        return colour
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + shift) if shift < 0 else light + (1 - light) * shift
    shifted = colorsys.hls_to_rgb(hue, light, saturation)
    return "".join(f"{round(each * 255):02X}" for each in shifted)
