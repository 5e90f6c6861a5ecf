"""Following a person from the frame into a tab of its own.

A partitioned cookie belongs to the tool *inside one platform*: a new tab does not carry it. The
page therefore holds a ticket, signed, good for a quarter of an hour and used once, that its form
posts from our own origin; it begins another session of the same person, with the same courses.
The ticket never stands in an address.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask_babel import lazy_gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.errors import LtiToolError
from lti_tool.people.models import BrowserSession, UsedTicket
from lti_tool.people.sessions import create_session

GOOD_FOR = timedelta(minutes=15)
SALT = "new-tab"


class TicketRefused(LtiToolError):
    """The ticket is too old, was used, or is none of ours."""

    code = "PEOPLE-NEW-TAB"
    status = 403
    title = _("Onglet non ouvert")
    message = _(
        "Cette page est restée ouverte trop longtemps, ou le bouton a déjà servi. "
        "Revenez à votre cours, rechargez la page, puis ouvrez à nouveau un onglet."
    )


def new_ticket(session_id: int, keys: list[str]) -> str:
    """Return a ticket for the browser session ``session_id``."""
    return URLSafeTimedSerializer(keys, SALT).dumps([session_id, secrets.token_urlsafe(12)])


def redeem_ticket(session: Session, ticket: str, keys: list[str]) -> str:
    """Begin the session of the new tab, commit, and return the token for its cookie.

    It ends when the session that it came from would have: only a launch says anew who a person is
    in a course, so that nobody keeps a role by opening tab after tab.

    Raises:
        TicketRefused: the ticket, or the session that it came from, is over.
    """
    try:
        session_id, _nonce = URLSafeTimedSerializer(keys, SALT).loads(
            ticket, max_age=int(GOOD_FOR.total_seconds())
        )
    except (BadSignature, ValueError):
        raise TicketRefused("not a ticket of ours, or too old") from None
    moment = clock.now()
    origin = session.get(BrowserSession, session_id)
    if origin is None or origin.expires_at <= moment:
        raise TicketRefused("its session is over")
    session.execute(delete(UsedTicket).where(UsedTicket.used_at < moment - GOOD_FOR))
    try:
        with session.begin_nested():
            session.add(
                UsedTicket(ticket_hash=hashlib.sha256(ticket.encode()).hexdigest(), used_at=moment)
            )
    except IntegrityError:
        raise TicketRefused("used already") from None
    browser, token = create_session(
        session,
        origin.person_id,
        {opened.course_id: opened.role for opened in origin.courses},
        lifetime=origin.expires_at - moment,
        visit=origin.visit,
    )
    browser.created_at = origin.created_at
    for opened, source in zip(browser.courses, origin.courses, strict=True):
        opened.return_url = source.return_url
        opened.launched_at = source.launched_at
    session.commit()
    return token
