"""The anchoring's part of what the tool holds about one person.

Free words of the lead are their own; the person reads the level that was confirmed, once their own
answer can no longer lean on it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from lti_tool.anchoring.service.following import FollowedWave, followed_cases
from lti_tool.people.service.own_data import own_data_section


@own_data_section("anchoring")
def own_anchoring(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return the person's cases, waves, answers and levels."""
    return [
        {
            "domain": followed.case.domain.code,
            "started_on": followed.case.started_on.isoformat(),
            "state": str(followed.state),
            "waves": [_wave(one) for one in followed.waves],
        }
        for followed in followed_cases(session, person_id)
    ]


def _wave(one: FollowedWave) -> dict[str, Any]:
    wave, report, established = one.wave, one.wave.report, one.established
    confirmation = wave.confirmation if established is not None else None
    return {
        "months": wave.months,
        "opens_on": wave.opens_on.isoformat(),
        "due_on": wave.due_on.isoformat(),
        "closes_on": wave.closes_on.isoformat(),
        "report": None
        if report is None
        else {
            "uses": report.uses,
            "distinct_actions": report.distinct_actions,
            "autonomy": report.autonomy,
            "transmission": report.transmission,
            "obstacles": report.obstacles,
            "late": report.late,
            "answered_at": report.answered_at.isoformat(),
        },
        "confirmation": None
        if confirmation is None
        else {"level": confirmation.level, "at": confirmation.at.isoformat()},
        "level": None if established is None else established.level,
        "confidence": None if established is None else str(established.confidence),
    }
