"""What the service account needs in Moodle: functions, capabilities, and the role ready to import.

The page of installation is in French: the sentences are those that the tool itself shows.
"""

from __future__ import annotations

from lti_tool.platforms.service_account import (
    Right,
    needed_capabilities,
    needed_functions,
    role_preset,
)
from lti_tool.web.i18n import french_spaces
from tests.reference.markdown import code, table

__all__ = ["PRESET", "capabilities", "functions", "role_preset"]

PRESET = "docs/moodle/role-ancrage.xml"


def functions() -> str:
    """Return the table of the functions that the external service holds."""
    return _rights("Fonction", needed_functions())


def capabilities() -> str:
    """Return the table of the capabilities of the service account's role."""
    return _rights("Capacité", needed_capabilities())


def _rights(title: str, rights: list[Right]) -> str:
    rows = [[code(right.name), french_spaces(str(right.effect))] for right in rights]
    return table([title, "Sans elle"], rows)
