"""Icons are drawn for the screen that they are shown on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize

from prevention_app.ui import icons


@pytest.mark.parametrize("ratio", [1.0, 1.5, 3.0])
def test_an_icon_has_a_pixel_for_each_of_the_screen(qapp, ratio: float) -> None:
    drawn = icons.icon("search").pixmap(QSize(16, 16), ratio)
    assert drawn.width() == round(16 * ratio)
    assert drawn.devicePixelRatio() == ratio
