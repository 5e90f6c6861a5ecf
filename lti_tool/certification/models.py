"""Tables of the certification: rule, evidence and its reviews, award, what changed after its issue."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.partners.models import Partner
from lti_tool.people.models import Person
from lti_tool.platforms.models import Course
from lti_tool.referential.models import Domain, Subtheme
from lti_tool.store import Base, UtcDateTime, new_public_id


class PublishedRule(Base):
    """A certification rule of one domain, immutable once published (R006)."""

    __tablename__ = "published_rule"
    __table_args__ = (UniqueConstraint("domain_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    """The YAML, whole, as published."""
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    domain: Mapped[Domain] = relationship()


class EvidenceKind(StrEnum):
    """What an evidence is."""

    REAL_ACTION = "action_reelle"
    DECISION_TOOL = "outil_aide_decision"


class EvidenceState(StrEnum):
    """Where an evidence stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    MORE_ASKED = "more_asked"
    REFUSED = "refused"


class PlacePrecision(StrEnum):
    """How precisely the author chose to tell where."""

    NONE = "none"
    COUNTRY = "country"
    REGION = "region"


class Evidence(Base):
    """A real advocacy action, or a decision-support tool, given by a learner (R062, R063)."""

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "author_id", "domain_id"), Index(None, "state", "course_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    """Course in which it was given: its trainers validate it."""
    kind: Mapped[EvidenceKind] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(200))
    happened_on: Mapped[date]
    place_precision: Mapped[PlacePrecision] = mapped_column(String(10), default=PlacePrecision.NONE)
    place: Mapped[str] = mapped_column(String(120), default="")
    author_role: Mapped[str] = mapped_column(String(500), default="")
    """What the author did in it, in their words."""
    outcome: Mapped[str] = mapped_column(String(2000), default="")
    """What changed, in the author's words."""
    link: Mapped[str] = mapped_column(String(500), default="")
    """https address of a document or recording."""
    state: Mapped[EvidenceState] = mapped_column(String(12), default=EvidenceState.SUBMITTED)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[Person] = relationship()
    domain: Mapped[Domain] = relationship()
    course: Mapped[Course] = relationship()
    reviews: Mapped[list[EvidenceReview]] = relationship(
        back_populates="evidence", order_by="EvidenceReview.id"
    )


class EvidenceReview(Base):
    """One decision about an evidence; the history is the list of them."""

    __tablename__ = "evidence_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reviewer_role: Mapped[str] = mapped_column(String(12))
    """``trainer`` of the course or ``coordinator``, on the day of the review."""
    state: Mapped[EvidenceState] = mapped_column(String(12))
    """accepted, more_asked or refused."""
    reason: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    evidence: Mapped[Evidence] = relationship(back_populates="reviews")
    reviewer: Mapped[Person] = relationship()


class AwardState(StrEnum):
    """States of an award (``spec/certification.md`` §3.2)."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    REPLACED = "replaced"


OPEN = (AwardState.PROPOSED, AwardState.ISSUED, AwardState.SUSPENDED)
"""States of which one person holds one only, for each domain or sub-theme."""


class Award(Base):
    """A certification of one person in one domain, from its proposal on."""

    __tablename__ = "award"
    __table_args__ = (
        # One open cycle for each person and domain (V23): a refused or replaced one opens another.
        Index(
            "uq_award_open",
            "person_id",
            "domain_id",
            text("coalesce(subtheme_id, 0)"),
            unique=True,
            sqlite_where=text("state IN ('proposed', 'issued', 'suspended')"),
            postgresql_where=text("state IN ('proposed', 'issued', 'suspended')"),
        ),
        Index(None, "partner_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"), index=True)
    subtheme_id: Mapped[int | None] = mapped_column(ForeignKey("subtheme.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("published_rule.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    """Course whose trainers are asked to decide."""
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    """Affiliation of record at the proposal (anchoring §2.7)."""
    route: Mapped[str] = mapped_column(String(24), default="formation")
    state: Mapped[AwardState] = mapped_column(String(12), default=AwardState.PROPOSED)
    decision: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The tree of criteria, frozen: measured values, thresholds, sources (``rules.decision``)."""
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision_reason: Mapped[str] = mapped_column(String(1000), default="")
    issued_on: Mapped[date | None]
    """Day t0 from which anchoring counts."""
    replaced_by_id: Mapped[int | None]
    """Award.id of the one that stands in its place, when the state is ``replaced``."""

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    domain: Mapped[Domain] = relationship()
    subtheme: Mapped[Subtheme | None] = relationship()
    rule: Mapped[PublishedRule] = relationship()
    partner: Mapped[Partner | None] = relationship()


class DriftKind(StrEnum):
    """What one entry of an award's history after its issue says."""

    NO_EFFECT = "no_effect"
    """A value read in Moodle changed, and the rule is still satisfied (V8, V9b)."""
    GAP = "gap"
    """The rule is no longer satisfied (V9)."""
    BACK = "back"
    """The rule is satisfied again after a gap."""
    ANSWERED = "answered"
    """The learner wrote something about it."""
    MAINTAINED = "maintained"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    NO_FOLLOW_UP = "no_follow_up"
    """Closed by a person because nothing is left to decide."""
    REPLACED = "replaced"
    """Closed because another award took the place of this one."""


READINGS = (DriftKind.NO_EFFECT, DriftKind.GAP, DriftKind.BACK)
"""Entries that a reading of Moodle made; people made the others."""


class RevocationGround(StrEnum):
    """The closed list of grounds (§3.2); a lower grade alone is none of them."""

    FRAUD = "fraud"
    ISSUE_ERROR = "issue_error"
    HOLDERS_WISH = "holders_wish"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"


class DriftReview(Base):
    """An « écart » that people examine: a grade fell below what is asked after the issue (V9)."""

    __tablename__ = "drift_review"
    __table_args__ = (
        # One for each award while it is open, whoever reads twice or at once.
        Index(
            "uq_drift_review_open",
            "award_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "course_id", "closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    """Course whose trainers examine it: the award's, else the one that was read."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date]
    """Day by which a person decides."""
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the learner reads of it; None while it rests on a grade hidden from them (N6)."""
    suspended_until: Mapped[date | None]
    """Last day of the suspension that was decided."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[DriftKind | None] = mapped_column(String(12))

    award: Mapped[Award] = relationship()
    entries: Mapped[list[DriftEntry]] = relationship(
        back_populates="review", order_by="DriftEntry.id"
    )


class DriftEntry(Base):
    """One dated fact about an award after its issue; rows are only ever added."""

    __tablename__ = "drift_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("drift_review.id"), index=True)
    """None: logged without effect, nobody has to examine anything."""
    kind: Mapped[DriftKind] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Of a reading: the tree of criteria as read that day, on the rule and courses of the issue."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_role: Mapped[str] = mapped_column(String(12), default="")
    """``trainer``, ``coordinator`` or ``learner``; empty for a reading."""
    ground: Mapped[RevocationGround | None] = mapped_column(String(24))
    text: Mapped[str] = mapped_column(String(1000), default="")
    """The reason of a decision, or the learner's answer."""

    award: Mapped[Award] = relationship()
    review: Mapped[DriftReview | None] = relationship(back_populates="entries")
    actor: Mapped[Person | None] = relationship()
