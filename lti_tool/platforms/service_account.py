"""What the service account needs in Moodle: its role, the functions of the service, ready to use.

The page of the coordination, the installation guide and the file of the role all come from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from lti_tool.platforms.rights import CAPABILITY_EFFECTS, FUNCTION_EFFECTS
from lti_tool.platforms.service.access import NEEDED
from moodle_client import Function

QUICKENING = (
    Function.REPORTS,
    Function.RETRIEVE_REPORT,
    Function.ASSIGNMENTS,
    Function.ASSIGNMENT_GRADES,
)
"""Without them everything is read all the same, later: their absence is told with the report."""
REPLACED = "moodle/course:viewparticipants"
"""Named by some errors in place of `moodle/course:enrolreview`, and weaker: not given."""
NAME, SHORT_NAME = "Service Ancrage", "service_ancrage"
DESCRIPTION = (
    "Compte technique de l’outil Ancrage : lecture des cours, des inscriptions et des notes."
)
SERVICE_NAME, SERVICE_SHORT_NAME = "Ancrage (lecture)", "ancrage"
PRESET_FILE = "role-ancrage.xml"


@dataclass(frozen=True, slots=True)
class Right:
    """A function or a capability, and what breaks without it (lazy, in the reader's language)."""

    name: str
    effect: Any


def needed_capabilities() -> list[Right]:
    """Return the capabilities of the role, in the order of the work."""
    return [Right(name, effect) for name, effect in CAPABILITY_EFFECTS.items() if name != REPLACED]


def needed_functions() -> list[Right]:
    """Return the functions that the external service must hold, those that only quicken it last."""
    return [Right(str(name), FUNCTION_EFFECTS[name]) for name in (*NEEDED, *QUICKENING)]


def role_preset() -> str:
    """Return the role as Moodle imports it (« Use role preset »)."""
    names = sorted(right.name for right in needed_capabilities())
    allowed = "\n".join(f"    <allow>{name}</allow>" for name in names)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<role>\n"
        f"  <shortname>{SHORT_NAME}</shortname>\n"
        f"  <name>{escape(NAME)}</name>\n"
        f"  <description>{escape(DESCRIPTION)}</description>\n"
        "  <archetype></archetype>\n"
        "  <contextlevels>\n    <level>system</level>\n  </contextlevels>\n"
        "  <allowassign></allowassign>\n"
        "  <allowoverride></allowoverride>\n"
        "  <allowswitch></allowswitch>\n"
        "  <allowview></allowview>\n"
        f"  <permissions>\n{allowed}\n  </permissions>\n"
        "</role>\n"
    )
