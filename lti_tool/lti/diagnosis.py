"""Why the platform's services do not answer the tool, found out by asking them.

For the page of the diagnosis; changes nothing on the platform.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.models import ContextServices
from lti_tool.lti.services.connector import Exchange, ServiceConnector
from lti_tool.lti.services.errors import ServiceFailed, TokenUnheard
from lti_tool.lti.services.names import (
    GRADEBOOK_SCOPES,
    LINE_ITEM_CONTAINER,
    LINE_ITEMS,
    LINE_ITEMS_READ,
    MEMBERS,
    MEMBERSHIP_CONTAINER,
    ROSTER_SCOPES,
)
from lti_tool.lti.services.wire import exchange


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether the tool's token reaches the platform's services."""

    reaches: bool | None
    """None: it cannot be told, because no address is known or another failure comes first."""
    failure: ServiceFailed | None = None
    """What stops the tool; its code and sentence are for the page."""
    scopes: tuple[str, ...] = ()
    """What the token endpoint granted."""


def authorization_reaches(
    sessions: sessionmaker[Session], registration_id: int, *, send: Exchange = exchange
) -> Reach:
    """Ask the platform for something harmless with a fresh token.

    A token given a moment ago and refused at every known service was not read: the web server before
    Moodle took the ``Authorization`` header away. Asks at most two services; each call is bounded in
    time, and no transaction is held meanwhile.
    """
    asked, granted = _addresses(sessions, registration_id), set[str]()
    unheard: ServiceFailed | None = None
    for address, scopes, needs, accept in asked:
        try:
            connector = ServiceConnector(sessions, registration_id, scopes, send=send)
            granted |= set(connector.granted_scopes())
            connector.get(address, accept=accept, needs=needs)
        except TokenUnheard as error:
            unheard = error
        except ServiceFailed as error:
            return Reach(None, error, tuple(sorted(granted)))
        else:
            return Reach(True, None, tuple(sorted(granted)))
    reaches = None if unheard is None else False
    return Reach(reaches, unheard, tuple(sorted(granted)))


def _addresses(
    sessions: sessionmaker[Session], registration_id: int
) -> list[tuple[str, tuple[str, ...], tuple[str, ...], str]]:
    with sessions() as session:
        known = session.scalar(
            select(ContextServices)
            .where(ContextServices.registration_id == registration_id)
            .order_by(ContextServices.seen_at.desc(), ContextServices.id.desc())
            .limit(1)
        )
    if known is None:
        return []
    gradebook = (LINE_ITEMS, LINE_ITEMS_READ)
    choices = [
        (known.lineitems_url, GRADEBOOK_SCOPES, gradebook, LINE_ITEM_CONTAINER),
        (known.memberships_url, ROSTER_SCOPES, (MEMBERS,), MEMBERSHIP_CONTAINER),
    ]
    return [choice for choice in choices if choice[0]]
