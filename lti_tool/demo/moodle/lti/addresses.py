"""Addresses of the LTI services, as Moodle builds them."""

from __future__ import annotations

from lti_tool.demo.moodle.site import DemoMoodle


def services_url(moodle: DemoMoodle) -> str:
    """Return the root of the LTI services."""
    return f"{moodle.base_url}/mod/lti/services.php"


def memberships_url(moodle: DemoMoodle, course: int) -> str:
    """Return the address of the members of a course."""
    section = f"{services_url(moodle)}/CourseSection/{course}"
    return f"{section}/bindings/{moodle.deployment_id}/memberships"


def lineitem_url(moodle: DemoMoodle, course: int, item: int) -> str:
    """Return the address of a line item, without its ``type_id``."""
    return f"{services_url(moodle)}/{course}/lineitems/{item}/lineitem"
