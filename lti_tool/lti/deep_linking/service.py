"""A choice of content: kept between the request and the trainer's answer, answered once.

The row is bound to the person who launched and to the course that their browser's session teaches,
ends after an hour, and goes with the answer. The answer is a JWT signed by the tool's own key
(Deep Linking 2.0 §4.5; 1EdTech Security Framework 1.0 §5.2.3). Rows 26 and 27 of spec/lti.md §4.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, journal
from lti_tool.lti.activities import PLACEMENT
from lti_tool.lti.errors import SelectionOver
from lti_tool.lti.models import ContentSelection
from lti_tool.lti.selections import SelectionAsked
from lti_tool.lti.targets import origin
from lti_tool.lti.vocabulary import CLAIM, DEEP_LINKING
from lti_tool.platforms.models import Course, Deployment, Registration
from lti_tool.platforms.signatures import BACKDATED, sign

KEPT_FOR = timedelta(hours=1)
ANSWER_LIFE = timedelta(minutes=5)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """What the trainer's browser posts to the platform."""

    address: str = field(repr=False)
    token: str = field(repr=False)
    platform: str
    """Origin of ``address``: the only place where the page may post."""


def keep_selection(
    session: Session,
    asked: SelectionAsked,
    person_id: int,
    deployment: Deployment,
    course: Course,
    now: datetime,
) -> ContentSelection:
    """Keep what a platform asks until the trainer answers; the caller commits."""
    session.execute(delete(ContentSelection).where(ContentSelection.expires_at <= now))
    kept = ContentSelection(
        person_id=person_id,
        course_id=course.id,
        deployment_id=deployment.id,
        return_url=asked.return_url,
        data=asked.data,
        multiple=asked.multiple,
        columns=asked.columns,
        title=asked.title,
        expires_at=now + KEPT_FOR,
    )
    session.add(kept)
    session.flush()
    return kept


def find_selection(
    session: Session, public_id: str, *, person_id: int, course_id: int
) -> ContentSelection:
    """Return a choice that waits for this person, in this course.

    Raises:
        SelectionOver: there is none, or not any more.
    """
    found = session.scalar(
        select(ContentSelection)
        .where(
            ContentSelection.public_id == public_id,
            ContentSelection.person_id == person_id,
            ContentSelection.course_id == course_id,
            ContentSelection.expires_at > clock.now(),
        )
        .options(
            joinedload(ContentSelection.course),
            joinedload(ContentSelection.deployment).joinedload(Deployment.registration),
        )
    )
    if found is None:
        raise SelectionOver("unknown, used or expired")
    return found


def answer_selection(
    session: Session, selection: ContentSelection, items: list[dict[str, Any]]
) -> SignedAnswer:
    """Sign the answer and forget the request, and commit.

    Args:
        items: content items; none when the trainer gave up.

    Raises:
        SelectionOver: another answer went first.
    """
    registration, address = selection.deployment.registration, selection.return_url
    claims = _claims(selection, registration, items)
    # Two presses on the button: the database lets one of them answer.
    used = session.scalar(
        delete(ContentSelection)
        .where(ContentSelection.id == selection.id)
        .returning(ContentSelection.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise SelectionOver("answered already")
    if items:
        journal.record(
            session,
            actor_id=selection.person_id,
            action="content.chosen",
            subject="course",
            subject_id=selection.course_id,
            placements=[item["custom"][PLACEMENT] for item in items],
        )
    token = sign(session, claims)
    session.commit()
    log.info("selection.answered", registration_id=registration.id, items=len(items))
    return SignedAnswer(address=address, token=token, platform=origin(address))


def _claims(
    selection: ContentSelection, registration: Registration, items: list[dict[str, Any]]
) -> dict[str, Any]:
    made = clock.now() - BACKDATED
    claims: dict[str, Any] = {
        "iss": registration.client_id,
        "aud": registration.issuer,
        "iat": int(made.timestamp()),
        "exp": int((made + BACKDATED + ANSWER_LIFE).timestamp()),
        "nonce": secrets.token_urlsafe(24),
        CLAIM + "deployment_id": selection.deployment.deployment_id,
        CLAIM + "message_type": "LtiDeepLinkingResponse",
        CLAIM + "version": "1.3.0",
        DEEP_LINKING + "content_items": items,
    }
    return claims if selection.data is None else claims | {DEEP_LINKING + "data": selection.data}
