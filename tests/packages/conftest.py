"""The stations of the tests of storage, which here exchange files."""

from __future__ import annotations

from tests.storage.conftest import station

__all__ = ["station"]
