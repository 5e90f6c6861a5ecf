"""What a launch says of its activity, and of the services that the platform offers for the course.

Owns the claims ``resource_link`` (LTI 1.3 core §5.3.5), ``custom`` (§5.4.6), the endpoint of AGS
(AGS 2.0 §3.1) and the address of the roster (NRPS 2.0 §3.6.1.1). The texts of ``custom`` come from
whoever may edit the activity: what is unknown, too long or of another form is left out, never
refused. An address that is not the platform's is left out too, and named. Pure: no clock, no
database. Row 37 of spec/lti.md §4.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from lti_tool.lti.models import Placement
from lti_tool.lti.targets import is_at
from lti_tool.lti.texts import plain_text
from lti_tool.lti.vocabulary import AGS_SCOPES, CLAIM, ENDPOINT, ROSTER

PLACEMENT, DOMAIN, ORIGIN, HISTORY = (
    "ancrage_placement",
    "ancrage_domain",
    "ancrage_origin",
    "ancrage_history",
)
"""Our settings in ``custom``; Moodle gives them back at each launch, and copies them with a course."""
MAX_HISTORY = 4000
_DOMAIN = re.compile(r"RMP-ADL-[1-9][0-9]?")
_COURSE = re.compile(r"[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True)
class Activity:
    """The activity that was opened and what was chosen for it."""

    link_id: str
    title: str
    placement: Placement | None = None
    """None: placed by hand, or a choice that is none of ours."""
    domain: str = ""
    """Code of a domain of the referential, not yet compared with it."""
    origin: str = ""
    """The course where the choice was made, by its number in Moodle."""
    copied_from: str = ""
    """``origin``, when Moodle says that this course descends from it."""


@dataclass(frozen=True, slots=True)
class Services:
    """The addresses that the platform gave, all at an origin of its registration; empty: none."""

    memberships_url: str = ""
    lineitems_url: str = ""
    lineitem_url: str = ""
    scopes: tuple[str, ...] = ()
    """Scopes of AGS that it announced, of those that exist."""
    foreign: tuple[str, ...] = field(default=(), compare=False)
    """Names of the addresses that were left out because they lead elsewhere."""


def read_activity(claims: Mapping[str, Any], *, link_id: str) -> Activity:
    """Return the activity of a launch whose resource link and context were checked."""
    context_id = claims[CLAIM + "context"]["id"]
    link = claims.get(CLAIM + "resource_link")
    custom = claims.get(CLAIM + "custom")
    custom = custom if isinstance(custom, dict) else {}
    origin = _matching(custom.get(ORIGIN), _COURSE)
    history = custom.get(HISTORY)
    ancestors = history[:MAX_HISTORY].split(",") if isinstance(history, str) else []
    descends = origin != context_id and origin in {one.strip() for one in ancestors}
    return Activity(
        link_id=link_id,
        title=plain_text(link.get("title") if isinstance(link, dict) else "", 255),
        placement=_placement(custom.get(PLACEMENT)),
        domain=_matching(custom.get(DOMAIN), _DOMAIN),
        origin=origin,
        copied_from=origin if descends else "",
    )


def read_services(claims: Mapping[str, Any], *, origins: Collection[str]) -> Services:
    """Return the services announced by a launch.

    Args:
        claims: verified.
        origins: those of the registration; an address elsewhere would be sent our access token.
    """
    endpoint, roster = claims.get(ENDPOINT), claims.get(ROSTER)
    endpoint = endpoint if isinstance(endpoint, dict) else {}
    roster = roster if isinstance(roster, dict) else {}
    given = {
        "memberships_url": roster.get("context_memberships_url"),
        "lineitems_url": endpoint.get("lineitems"),
        "lineitem_url": endpoint.get("lineitem"),
    }
    kept = {name: str(address) for name, address in given.items() if is_at(address, origins)}
    scopes = endpoint.get("scope")
    return Services(
        memberships_url=kept.get("memberships_url", ""),
        lineitems_url=kept.get("lineitems_url", ""),
        lineitem_url=kept.get("lineitem_url", ""),
        scopes=tuple(one for one in AGS_SCOPES if isinstance(scopes, list) and one in scopes),
        foreign=tuple(name for name in given if given[name] and name not in kept),
    )


def _placement(value: object) -> Placement | None:
    return Placement(value) if isinstance(value, str) and value in set(Placement) else None


def _matching(value: object, form: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and form.fullmatch(value) else ""
