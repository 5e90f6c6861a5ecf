"""Lets the frame of a platform that is not accepted show why nothing opens there.

Only active platforms may frame the tool: without this, whoever opens an activity of a site that waits
for the coordination, or that it closed, meets a blank frame and no reason. The page of that refusal,
and nothing else, may be framed by the site that the registration concerned belongs to; its origin
is the one stored here, never one that the request names. The page is the same for everybody,
whatever session the browser has. Row 31 of spec/lti.md §4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, g
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.lti.models import LoginAttempt
from lti_tool.lti.validation import digest
from lti_tool.platforms.models import Registration, Site
from lti_tool.platforms.service.origins import frame_ancestors, origin_of
from lti_tool.web.headers import policy


def show_refusal(session: Session, sent: Mapping[str, Any]) -> None:
    """Have the refusal of this request framed by the site that it concerns, when that site waits."""
    try:
        address = session.scalar(_site_address(sent))
        known = frame_ancestors(session, now=True)
    except SQLAlchemyError:
        return
    if address is not None and origin_of(address) not in known:
        g.refusal_framed_by = origin_of(address)
        g.viewer = None


def frame(response: Response) -> Response:
    """Write the policy of such a refusal; every other answer of the door gets the usual one."""
    if origin := g.get("refusal_framed_by"):
        response.headers["Content-Security-Policy"] = policy(origin)
    return response


def _site_address(sent: Mapping[str, Any]) -> Any:
    """Return the query of the site that an attempt, or else an issuer, belongs to."""
    if state := sent.get("state"):
        mine = select(LoginAttempt.registration_id).where(LoginAttempt.state_hash == digest(state))
        found = Registration.id.in_(mine)
    else:
        # PostgreSQL takes no null character, and no issuer holds one.
        found = Registration.issuer == sent.get("iss", "").replace("\0", "")
    return select(Site.base_url).join(Registration).where(found).limit(1)
