"""What a platform asks when a trainer wants to choose content (LTI Deep Linking 2.0 §4.4.1).

The address that takes the answer must be at the platform itself: the tool posts a signed selection
there, and the browser goes with it. Pure: no clock, no database. Rows 26 and 27 of spec/lti.md §4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from lti_tool.lti.errors import MessageUnfit, Reason, SelectionNotForThem
from lti_tool.lti.targets import is_at
from lti_tool.lti.texts import plain_text
from lti_tool.lti.vocabulary import SETTINGS
from lti_tool.people.models import CourseRole

RESOURCE_LINK = "ltiResourceLink"
MAX_DATA = 16_384


@dataclass(frozen=True, slots=True)
class SelectionAsked:
    """A request for content, from a trainer of the course."""

    return_url: str = field(repr=False)
    """Where the answer goes; Moodle writes the session key of the person in it."""
    data: str | None = field(default=None, repr=False)
    """Opaque; goes back unchanged. None: the platform sent none (Moodle never does)."""
    multiple: bool = False
    columns: bool = True
    """Whether an item may come with a column of the gradebook."""
    title: str = ""
    """What the trainer typed before opening the tool."""


def read_selection(
    claims: Mapping[str, Any], *, role: CourseRole, origins: Collection[str]
) -> SelectionAsked:
    """Return what is asked.

    Args:
        claims: verified, of a message whose kind was checked.
        role: of the person in the course.
        origins: those of the platform; an answer posted elsewhere would be given to a stranger.

    Raises:
        MessageUnfit: the settings cannot be used.
        SelectionNotForThem: the person does not teach the course.
    """
    if role != CourseRole.TRAINER:
        raise SelectionNotForThem(Reason.SELECTION_ROLE)
    settings = claims.get(SETTINGS)
    if not isinstance(settings, dict):
        raise MessageUnfit(Reason.SELECTION)
    types = settings.get("accept_types")
    if not isinstance(types, list) or RESOURCE_LINK not in types:
        raise MessageUnfit(Reason.SELECTION, "accept_types")
    return_url = settings.get("deep_link_return_url")
    if not is_at(return_url, origins):
        raise MessageUnfit(Reason.SELECTION_RETURN)
    data = settings.get("data")
    if data is not None and not (isinstance(data, str) and _can_be_kept(data)):
        raise MessageUnfit(Reason.SELECTION, "data")
    return SelectionAsked(
        return_url=str(return_url),
        data=data,
        multiple=settings.get("accept_multiple") is True,
        columns=settings.get("accept_lineitem") is not False,
        title=plain_text(settings.get("title"), 255),
    )


def _can_be_kept(data: str) -> bool:
    """Whether every database gives this text back as it was."""
    try:
        return "\x00" not in data and len(data.encode()) <= MAX_DATA
    except UnicodeEncodeError:
        return False
