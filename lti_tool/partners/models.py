"""Tables of the partners: association, framework agreement, cohort link, affiliation, proposal."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.partners.proposing import ProposalKind
from lti_tool.people.models import Person
from lti_tool.platforms.models import Site
from lti_tool.store import Base, UtcDateTime, new_public_id


class Partner(Base):
    """A partner association."""

    __tablename__ = "partner"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(String(250), unique=True)
    city: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    """ISO 3166-1 alpha-2."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agreements: Mapped[list[FrameworkAgreement]] = relationship(back_populates="partner")


class AgreementScope(StrEnum):
    """What an association takes part in (R020; 000, art. 1.1)."""

    TRAINING = "training"
    RESEARCH = "research"
    BOTH = "both"


class FrameworkAgreement(Base):
    """The yearly framework agreement of an association (000, art. 9.1)."""

    __tablename__ = "framework_agreement"
    __table_args__ = (UniqueConstraint("partner_id", "signed_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    signed_on: Mapped[date]
    ends_on: Mapped[date]
    """Last day in force: twelve months after the signature, less one day."""
    scope: Mapped[AgreementScope] = mapped_column(String(10), default=AgreementScope.BOTH)

    partner: Mapped[Partner] = relationship(back_populates="agreements")


class CohortLink(Base):
    """A Moodle cohort tied to an association by a coordinator."""

    __tablename__ = "cohort_link"
    __table_args__ = (
        Index(
            "uq_cohort_link_current",
            "site_id",
            "cohort_id",
            unique=True,
            sqlite_where=text("untied_at IS NULL"),
            postgresql_where=text("untied_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    cohort_id: Mapped[int]
    """Moodle's cohort id."""
    cohort_name: Mapped[str] = mapped_column(String(254))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its members were last read."""
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Moodle was first seen without this cohort; its members keep their affiliation."""
    untied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a coordinator untied it; the affiliations it made ended on that day."""

    site: Mapped[Site] = relationship()
    partner: Mapped[Partner] = relationship()


class AffiliationSource(StrEnum):
    """How the tool knows that a person belongs to an association."""

    COHORT = "cohort"
    COORDINATOR = "coordinator"


class Affiliation(Base):
    """A person belongs to an association from a day, until a day."""

    __tablename__ = "affiliation"
    __table_args__ = (
        Index(
            "uq_affiliation_current",
            "person_id",
            "partner_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index(None, "partner_id", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    """First day on which the person no longer belongs to it."""
    source: Mapped[AffiliationSource] = mapped_column(String(12))
    cohort_link_id: Mapped[int | None] = mapped_column(ForeignKey("cohort_link.id"), index=True)
    """The cohort that says so, when the source is a cohort."""

    person: Mapped[Person] = relationship()
    partner: Mapped[Partner] = relationship()


class AffiliationProposal(Base):
    """What a cohort proposes for a person: it waits, or a coordinator dismissed it.

    One for a person and an association. Accepted, or overtaken by facts, the row goes and the journal
    keeps it; dismissed, it stays as long as the same facts last, so that it is not proposed again.
    """

    __tablename__ = "affiliation_proposal"
    __table_args__ = (
        UniqueConstraint("person_id", "partner_id"),
        Index(None, "partner_id", "dismissed_at"),
        # A number is never given again: a page read yesterday must not decide for somebody else.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    """The association joined, or left when it is an end."""
    kind: Mapped[ProposalKind] = mapped_column(String(5))
    from_partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    """For a move, the association that would be left."""
    cohort_link_id: Mapped[int] = mapped_column(ForeignKey("cohort_link.id"), index=True)
    """The cohort that says so."""
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dismissed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    """Why it was dismissed."""

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    partner: Mapped[Partner] = relationship(foreign_keys=[partner_id])
    from_partner: Mapped[Partner | None] = relationship(foreign_keys=[from_partner_id])
    cohort_link: Mapped[CohortLink] = relationship()
