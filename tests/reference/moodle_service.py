"""What the service account needs in Moodle: functions, capabilities, and the role ready to import.

The page of installation is in French: the sentences are those that the tool itself shows.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from lti_tool.platforms.rights import CAPABILITY_EFFECTS, FUNCTION_EFFECTS
from lti_tool.platforms.service.access import NEEDED
from lti_tool.web.i18n import french_spaces
from tests.reference.markdown import code, table

PRESET = "docs/moodle/role-ancrage.xml"
REPLACED = "moodle/course:viewparticipants"
"""Named by some errors in place of `moodle/course:enrolreview`, and weaker: not given."""
NAME, SHORT_NAME = "Service Ancrage", "service_ancrage"
DESCRIPTION = (
    "Compte technique de l’outil Ancrage : lecture des cours, des inscriptions et des notes."
)


def functions() -> str:
    """Return the table of the functions that the external service holds."""
    rows = [[code(str(name)), french_spaces(str(FUNCTION_EFFECTS[name]))] for name in NEEDED]
    return table(["Fonction", "Sans elle"], rows)


def capabilities() -> str:
    """Return the table of the capabilities of the service account's role."""
    rows = [
        [code(name), french_spaces(str(CAPABILITY_EFFECTS[name]))] for name in needed_capabilities()
    ]
    return table(["Capacité", "Sans elle"], rows)


def needed_capabilities() -> list[str]:
    """Return the capabilities of the role, in the order of the code."""
    return [name for name in CAPABILITY_EFFECTS if name != REPLACED]


def role_preset() -> str:
    """Return the role as Moodle imports it (« Use role preset »)."""
    allowed = "\n".join(f"    <allow>{name}</allow>" for name in sorted(needed_capabilities()))
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
