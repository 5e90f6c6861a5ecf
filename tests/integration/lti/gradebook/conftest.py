"""The peer of the services, for the gradebook."""

from __future__ import annotations

from tests.integration.lti.gradebook.desk import desk, two
from tests.integration.lti.services.conftest import moodle, peer

__all__ = ["desk", "moodle", "peer", "two"]
