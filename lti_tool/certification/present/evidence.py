"""An evidence and the history of its reviews, for whoever reviews it and for its author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from lti_tool.certification.models import Evidence, EvidenceKind, EvidenceState, PlacePrecision
from lti_tool.certification.present.wording import EVIDENCE_KINDS, REVIEWER_ROLES
from lti_tool.web.i18n import locale_code


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """An evidence in a list."""

    public_id: str
    title: str
    kind: str
    domain: str
    author: str
    state: EvidenceState
    submitted_at: datetime | None
    course: str
    course_id: int


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One decision of the history."""

    state: EvidenceState
    at: datetime
    role: str
    reviewer: str
    """Empty for the author, who reads the quality in which the person acted."""
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """An evidence in full."""

    line: EvidenceLine
    happened_on: date
    place: str
    author_role: str
    outcome: str
    link: str
    reviews: tuple[ReviewView, ...]
    version: str
    """Which text was read: it goes with the decision, so that a changed one is not accepted."""
    withheld: bool = False
    """What it says, and what was answered, is not for this reader."""


def evidence_line(evidence: Evidence) -> EvidenceLine:
    """Return an evidence as a line of a list."""
    return EvidenceLine(
        public_id=evidence.public_id,
        title=evidence.title,
        kind=str(EVIDENCE_KINDS[EvidenceKind(evidence.kind)]),
        domain=f"{evidence.domain.name} · {evidence.domain.label(locale_code())}",
        author=evidence.author.full_name,
        state=EvidenceState(evidence.state),
        submitted_at=evidence.submitted_at,
        course=evidence.course.fullname,
        course_id=evidence.course_id,
    )


def evidence_outline(evidence: Evidence) -> EvidenceView:
    """Return an evidence for who may not review it: that it exists and where it stands (§4.7)."""
    return EvidenceView(
        line=evidence_line(evidence),
        happened_on=evidence.happened_on,
        place="",
        author_role="",
        outcome="",
        link="",
        reviews=(),
        version="",
        withheld=True,
    )


def evidence_view(evidence: Evidence, *, for_author: bool = False) -> EvidenceView:
    """Return an evidence in full, with its history, oldest decision first."""
    return EvidenceView(
        line=evidence_line(evidence),
        happened_on=evidence.happened_on,
        place=_place(evidence),
        author_role=evidence.author_role,
        outcome=evidence.outcome,
        link=evidence.link,
        reviews=tuple(
            ReviewView(
                state=EvidenceState(review.state),
                at=review.at,
                role=str(REVIEWER_ROLES[review.reviewer_role]),
                reviewer="" if for_author else review.reviewer.full_name,
                reason=review.reason,
            )
            for review in evidence.reviews
        ),
        version=evidence.submitted_at.isoformat() if evidence.submitted_at else "",
    )


def _place(evidence: Evidence) -> str:
    if evidence.place_precision == PlacePrecision.NONE or not evidence.place:
        return str(_("non précisé"))
    return evidence.place
