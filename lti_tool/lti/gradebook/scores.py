"""One score on its way: the message, what the platform's answer means, what it holds.

Each trap of Moodle's gradebook is met here: a message without ``scoreGiven``, maximum, FullyGraded or
comment erases (6, 7), a refusal may answer 200 with ``[]`` (3), a moment must be a whole second later
than the last one and never in the future (4). LTI AGS 2.0 §3.4; recordings ``ags-score*.json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lti_tool.lti.gradebook.errors import ScoreLater, ScoreRefused
from lti_tool.lti.gradebook.outcomes import MAXIMUM
from lti_tool.lti.services.addresses import below, with_query
from lti_tool.lti.services.connector import ServiceConnector
from lti_tool.lti.services.errors import ServiceForbidden, ServiceNotThere
from lti_tool.lti.services.names import RESULT_CONTAINER, RESULTS, SCORE, SCORES
from lti_tool.lti.services.wire import Answer

PLACES = Decimal("0.00001")
"""Moodle keeps grades with five decimals."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the platform holds for one learner in one column."""

    given: Decimal | None
    """Out of ``MAXIMUM``, whatever the column's own; None: no grade."""
    comment: str
    at: datetime | None


def score_message(
    subject: str, given: Decimal | None, comment: str, moment: datetime
) -> dict[str, Any]:
    """Return the message that makes the column hold ``given``; None takes the grade away.

    Args:
        subject: ``sub`` of the learner.
        given: between 0 and ``MAXIMUM``.
        comment: shown beside the grade; line breaks become spaces.
        moment: the whole second of this score.
    """
    message: dict[str, Any] = {
        "userId": subject,
        "activityProgress": "Completed" if given is not None else "Initialized",
        "gradingProgress": "FullyGraded" if given is not None else "NotReady",
        "timestamp": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if given is None:
        # Without scoreGiven Moodle erases the grade and its comment: here, that is what is meant.
        return message
    return message | {
        "scoreGiven": _number(given),
        "scoreMaximum": _number(MAXIMUM),
        "comment": " ".join(comment.split()),
    }


def send_score(connector: ServiceConnector, column: str, message: dict[str, Any]) -> None:
    """Send one score to a column.

    Raises:
        ScoreRefused: for this learner; the others are not concerned.
        ScoreLater: the platform holds one that is not earlier.
        ServiceNotThere: the column is gone.
        ServiceFailed: nothing can be sent now.
    """
    check_score(connector.post(below(column, "scores"), message, media_type=SCORE, needs=(SCORES,)))


def check_score(answer: Answer) -> None:
    """Say what the answer to a score means; returns when it was accepted.

    Raises:
        ScoreRefused, ScoreLater, ServiceNotThere, ServiceForbidden.
    """
    if answer.status == 409:
        raise ScoreLater("status 409")
    if answer.status == 404:
        raise ServiceNotThere("score: status 404")
    if answer.status == 403:
        raise ServiceForbidden("score: status 403")
    if not 200 <= answer.status < 300:
        raise ScoreRefused(f"status {answer.status}")
    if answer.body.strip():
        raise ScoreRefused(f"status {answer.status} with a body")


def read_result(connector: ServiceConnector, column: str, subject: str) -> Held | None:
    """Return what the platform holds for a learner, None when it has no record of them.

    Raises:
        ServiceFailed: it cannot be read.
    """
    address = with_query(below(column, "results"), user_id=subject)
    answer = connector.get(address, accept=RESULT_CONTAINER, needs=(RESULTS,))
    documents = answer.document()
    for document in documents if isinstance(documents, list) else ():
        if isinstance(document, dict) and str(document.get("userId")) == subject:
            return read_held(document)
    return None


def read_held(document: dict[str, Any]) -> Held:
    """Return one result; its score is missing when there is no grade (trap AGS 14)."""
    return Held(
        given=_out_of_maximum(document.get("resultScore"), document.get("resultMaximum")),
        comment=str(document.get("comment") or ""),
        at=_moment(document.get("timestamp")),
    )


def _out_of_maximum(score: Any, maximum: Any) -> Decimal | None:
    if score is None:
        return None
    try:
        whole = Decimal(str(maximum))
        return (Decimal(str(score)) * MAXIMUM / whole).quantize(PLACES)
    except (InvalidOperation, ZeroDivisionError):
        return None


def _moment(told: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _number(value: Decimal) -> int | float:
    """Return a JSON number: Moodle refuses texts."""
    return int(value) if value == value.to_integral_value() else float(value)
