"""Fixtures."""

from __future__ import annotations

import pytest
from common import Vector, vector


@pytest.fixture
def minimal() -> Vector:
    return vector("accept-minimal")


@pytest.fixture
def nine_claims() -> Vector:
    return vector("accept-nine-claims")
