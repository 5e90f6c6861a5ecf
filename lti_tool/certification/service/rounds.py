"""What follows a reading of a course, whoever read it: proposals, drift, published columns."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.certification.service.drift import note_drift
from lti_tool.certification.service.evaluation import propose_in_course
from lti_tool.lti.gradebook.service import ask_for_publication


@dataclass(frozen=True, slots=True)
class Round:
    """What one evaluation of a course did."""

    proposed: int
    """Proposals that are new."""
    reviews: int
    """Reviews of issued certifications that opened."""


def evaluate_course(session: Session, course_id: int) -> Round:
    """Propose who satisfies a rule, note what drifted since an issue, ask for publication; commit.

    May run twice, and at once: nothing is proposed or logged a second time.
    """
    done = Round(propose_in_course(session, course_id), note_drift(session, course_id))
    ask_for_publication(session, [course_id])
    session.commit()
    return done
