"""AGS scores: what the tool sends, with Moodle's traps.

A message without ``scoreGiven``, or not ``FullyGraded``, erases the grade; one without ``comment``
erases the feedback; time stamps must be strictly newer, to the second. Source: ``ags-score*.json``.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Response, request

from lti_tool.demo.moodle.gradebook.totals import rounded
from lti_tool.demo.moodle.lti.claims import AGS_SCOPES
from lti_tool.demo.moodle.lti.service import Asked, ServiceError, known_item
from lti_tool.demo.moodle.site import DemoMoodle

SCORE = "application/vnd.ims.lis.v1.score+json"
SCOPES = (AGS_SCOPES[3],)


def receive(site: DemoMoodle, asked: Asked) -> Response:
    """Store one score."""
    item = known_item(site, asked)
    body = request.get_data(as_text=True)
    try:
        score = json.loads(body)
        person, moment = _checked(site, asked, score)
    except (ValueError, KeyError, TypeError):
        raise ServiceError(400, f"Incorrect score received{body}", content_type=SCORE) from None
    stored = site.world.grades.get((item.id, person))
    latest = (stored.score_time or stored.graded_at or 0) if stored else 0
    if latest >= moment:
        raise ServiceError(
            409,
            f"Refusing score with an earlier timestamp for item {item.id} and user {person}",
            content_type=SCORE,
        )
    value = None
    if score.get("scoreGiven") is not None and score["gradingProgress"] == "FullyGraded":
        share = Decimal(str(score["scoreGiven"])) / Decimal(str(score["scoreMaximum"]))
        value = str(rounded(min(max(share * item.grademax, Decimal(0)), item.grademax)))
    site.changes.make(
        site.world,
        "score",
        item=item.id,
        person=person,
        value=value,
        comment=str(score.get("comment") or ""),
        moment=moment,
    )
    return Response("", 200, content_type=f"{SCORE}; charset=utf-8")


def _checked(site: DemoMoodle, asked: Asked, score: Any) -> tuple[int, int]:
    """Return whom and when the score is for.

    Raises:
        ValueError, KeyError, TypeError: the score is not acceptable; Moodle does not say why.
    """
    person = int(score["userId"])
    if not score["activityProgress"] or not score["gradingProgress"]:
        raise ValueError("progress")
    moment = int(datetime.fromisoformat(score["timestamp"]).timestamp())
    if score.get("scoreGiven") is not None:
        given, maximum = score["scoreGiven"], score["scoreMaximum"]
        if not all(isinstance(number, int | float) for number in (given, maximum)) or maximum <= 0:
            raise ValueError("score")
    enrolment = site.world.enrolment(asked.course, person)
    if enrolment is None or not enrolment.role.gradable:
        raise ValueError("not gradable here")
    return person, moment
