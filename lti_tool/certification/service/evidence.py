"""Learners give evidence, trainers and coordinators review it; every decision stays in its history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CursorResult, Select, func, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, journal
from lti_tool.certification.errors import (
    EvidenceAlreadyReviewed,
    EvidenceClosed,
    EvidenceIncomplete,
    NotIndependent,
)
from lti_tool.certification.models import Evidence, EvidenceReview, EvidenceState
from lti_tool.certification.service.evaluation import propose_in_course
from lti_tool.certification.service.evidence_form import EvidenceForm
from lti_tool.certification.service.independence import is_independent
from lti_tool.certification.service.outcomes import publish_domain
from lti_tool.certification.service.reasons_given import checked_reason
from lti_tool.errors import NotFound

EDITABLE = (EvidenceState.DRAFT, EvidenceState.SUBMITTED, EvidenceState.MORE_ASKED)


def submit_evidence(
    session: Session, *, author_id: int, course_id: int, domain_id: int, form: EvidenceForm
) -> Evidence:
    """Store an evidence that waits for a review, and commit.

    Raises:
        EvidenceIncomplete: ``form.problems`` says why.
    """
    moment = clock.now()
    evidence = Evidence(
        author_id=author_id,
        course_id=course_id,
        domain_id=domain_id,
        created_at=moment,
        **_submitted(form, moment),
    )
    session.add(evidence)
    session.flush()
    _record(session, evidence, author_id, "evidence.submitted")
    session.commit()
    return evidence


def resubmit_evidence(session: Session, evidence: Evidence, form: EvidenceForm) -> Evidence:
    """Store the author's changes to an evidence not yet decided, and commit.

    Raises:
        EvidenceIncomplete: ``form.problems`` says why.
        EvidenceClosed: it was accepted or refused, perhaps a moment ago.
    """
    taken = session.execute(
        update(Evidence)
        .where(Evidence.id == evidence.id, Evidence.state.in_(EDITABLE))
        .values(**_submitted(form, clock.now())),
        execution_options={"synchronize_session": False},
    )
    if not isinstance(taken, CursorResult) or taken.rowcount != 1:
        session.rollback()
        raise EvidenceClosed(f"evidence {evidence.id}")
    _record(session, evidence, evidence.author_id, "evidence.resubmitted")
    session.refresh(evidence)
    session.commit()
    return evidence


def find_evidence(session: Session, public_id: str) -> Evidence:
    """Return the evidence with this public identifier.

    Raises:
        NotFound: there is none.
    """
    evidence = session.scalar(select(Evidence).where(Evidence.public_id == public_id))
    if evidence is None:
        raise NotFound("evidence")
    return evidence


def evidence_to_review(session: Session, course_id: int) -> list[Evidence]:
    """Return the evidence of a course that waits for a review, oldest first."""
    return list(
        session.scalars(
            _with_names()
            .where(Evidence.course_id == course_id, Evidence.state == EvidenceState.SUBMITTED)
            .order_by(Evidence.submitted_at, Evidence.id)
        )
    )


def count_to_review(session: Session, course_id: int) -> int:
    """Return how many pieces of evidence of a course wait for a review."""
    waiting = select(func.count()).where(
        Evidence.course_id == course_id, Evidence.state == EvidenceState.SUBMITTED
    )
    return session.scalar(waiting) or 0


def evidence_reviewed(session: Session, course_id: int, limit: int) -> list[Evidence]:
    """Return the evidence of a course that was last decided or sent back, newest first."""
    decided = (EvidenceState.ACCEPTED, EvidenceState.REFUSED, EvidenceState.MORE_ASKED)
    return list(
        session.scalars(
            _with_names()
            .where(Evidence.course_id == course_id, Evidence.state.in_(decided))
            .order_by(Evidence.submitted_at.desc(), Evidence.id.desc())
            .limit(limit)
        )
    )


def evidence_of(session: Session, author_id: int) -> list[Evidence]:
    """Return the evidence that a person gave, newest first."""
    return list(
        session.scalars(
            _with_names().where(Evidence.author_id == author_id).order_by(Evidence.id.desc())
        )
    )


def _with_names() -> Select[Evidence]:
    return select(Evidence).options(
        joinedload(Evidence.author), joinedload(Evidence.domain), joinedload(Evidence.course)
    )


def review_evidence(
    session: Session,
    evidence: Evidence,
    *,
    reviewer_id: int,
    reviewer_role: str,
    state: EvidenceState,
    reason: str = "",
    read_at: datetime | None = None,
) -> EvidenceReview:
    """Accept, ask for more, or refuse, and commit; an acceptance may make a proposal.

    Args:
        reviewer_role: ``trainer`` or ``coordinator``, the quality in which the reviewer acts.
        state: ACCEPTED, MORE_ASKED or REFUSED.
        reason: needed but for an acceptance; the author reads it.
        read_at: ``submitted_at`` of the text that the reviewer read, so that nobody accepts what
            its author has just changed; None: whatever it says now.

    Raises:
        ReasonMissing, ReasonTooLong, NotIndependent, EvidenceAlreadyReviewed.
    """
    if not is_independent(session, person_id=evidence.author_id, reviewer_id=reviewer_id):
        raise NotIndependent(f"evidence {evidence.id}")
    reason = checked_reason(reason, needed=state is not EvidenceState.ACCEPTED)
    waiting = update(Evidence).where(
        Evidence.id == evidence.id, Evidence.state == EvidenceState.SUBMITTED
    )
    if read_at is not None:
        waiting = waiting.where(Evidence.submitted_at == read_at)
    taken = session.execute(
        waiting.values(state=state), execution_options={"synchronize_session": False}
    )
    if not isinstance(taken, CursorResult) or taken.rowcount != 1:
        session.rollback()
        raise EvidenceAlreadyReviewed(f"evidence {evidence.id}")
    review = EvidenceReview(
        evidence_id=evidence.id,
        reviewer_id=reviewer_id,
        reviewer_role=reviewer_role,
        state=state,
        reason=reason,
        at=clock.now(),
    )
    session.add(review)
    _record(session, evidence, reviewer_id, f"evidence.{state.value}", role=reviewer_role)
    session.refresh(evidence)
    session.commit()
    if state is EvidenceState.ACCEPTED:
        propose_in_course(session, evidence.course_id, [evidence.author_id])
    publish_domain(session, evidence.domain_id, evidence.course_id)
    session.commit()
    return review


def _submitted(form: EvidenceForm, moment: datetime) -> dict[str, object]:
    """Return the columns that a submission writes."""
    problems = form.problems(moment.date())
    if problems:
        raise EvidenceIncomplete(", ".join(problems.values()))
    return {
        "kind": form.kind,
        "title": form.title,
        "happened_on": form.happened_on,
        "place_precision": form.place_precision,
        "place": form.place,
        "author_role": form.author_role,
        "outcome": form.outcome,
        "link": form.link,
        "state": EvidenceState.SUBMITTED,
        "submitted_at": moment,
    }


def _record(
    session: Session, evidence: Evidence, actor_id: int, action: str, **basis: object
) -> None:
    journal.record(
        session,
        actor_id=actor_id,
        action=action,
        subject="evidence",
        subject_id=evidence.id,
        **basis,
    )
