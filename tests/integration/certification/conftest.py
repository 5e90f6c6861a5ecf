"""The world of the certification's tests, on both engines, on a day that never changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.integration.certification.given import today
from tests.integration.certification.world import World


@pytest.fixture
def world(session: Session) -> Iterator[World]:
    """A course, its rule, a trainer and a learner."""
    with today():
        yield World.make(session)
