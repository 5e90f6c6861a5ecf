"""The door's fixtures, on both engines: what a launch writes is the same on each."""

from __future__ import annotations

from tests.security.conftest import door, registration

__all__ = ["door", "registration"]
