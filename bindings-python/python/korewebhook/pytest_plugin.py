"""The fixture `korewebhook`, found by pytest through the entry point `pytest11`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .testing import Kit


@pytest.fixture
def korewebhook() -> Kit:
    """A `korewebhook.testing.Kit` of its own for each test."""
    from .testing import Kit  # only where it is used: pytest loads this module in every run

    return Kit()
