"""Failures of the comparisons that these tests share tell both sides."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.storage.world")
