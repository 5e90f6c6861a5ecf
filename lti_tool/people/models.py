"""Tables of the people: person, account, grant, claim link, consent, browser session."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.platforms.models import Course, Site
from lti_tool.store import Base, UtcDateTime, new_public_id


class Person(Base):
    """A human being, whatever the number of their accounts."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    """Unguessable identifier used in addresses."""
    full_name: Mapped[str] = mapped_column(String(300))
    """Name as last given by a platform, normalised NFC."""
    given_name: Mapped[str] = mapped_column(String(150), default="")
    locale: Mapped[str | None] = mapped_column(String(10))
    """Language chosen by the person."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None]
    """Person.id of the person who this one turned out to be, when accounts were linked; this row then stays for
    the journal alone."""

    accounts: Mapped[list[Account]] = relationship(back_populates="person")


class Account(Base):
    """A person's account on one Moodle site."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("site_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    subject: Mapped[str] = mapped_column(String(255))
    """``sub`` of the id_token; for Moodle the user id as text."""
    idnumber: Mapped[str] = mapped_column(String(255), default="")
    full_name: Mapped[str] = mapped_column(String(300), default="")
    suspended: Mapped[bool] = mapped_column(default=False)
    """Whether web services said that the account is suspended."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    linked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it joined the account that its person kept; launches from its site open no right of theirs."""

    person: Mapped[Person] = relationship(back_populates="accounts")
    site: Mapped[Site] = relationship()


class Role(StrEnum):
    """Rights that come from our own grants."""

    PARTNER_LEAD = "partner_lead"
    COORDINATOR = "coordinator"
    RESEARCHER = "researcher"
    AUDITOR = "auditor"


class Grant(Base):
    """A right given to a person, dated, and withdrawn by a date."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant_current",
            "person_id",
            "role",
            text("coalesce(partner_id, 0)"),
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(String(20))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    """Association of a partner lead; None for the other roles."""
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class ClaimLink(Base):
    """A one-time link by which a person takes a role (the first coordinator, a partner lead)."""

    __tablename__ = "claim_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token in the link."""
    role: Mapped[Role] = mapped_column(String(20))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class LinkCode(Base):
    """A one-time code by which a person proves, from a second account, that both are theirs."""

    __tablename__ = "link_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the code."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    """The account that asked for it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """The account that gave it back."""
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first account accepted, while the coordination must settle what one person cannot hold twice."""

    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class Purpose(StrEnum):
    """What a consent is for; each is separate and refusable."""

    ANCHORING = "anchoring"
    SHARE_WITH_PARTNER = "share_with_partner"
    RESEARCH = "research"
    PUBLIC_PAGE = "public_page"


class Consent(Base):
    """One choice of a person about one purpose; the newest row counts, older ones stay."""

    __tablename__ = "consent"
    __table_args__ = (Index(None, "person_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[Purpose] = mapped_column(String(24))
    given: Mapped[bool]
    """True: accepted; False: refused or withdrawn."""
    notice_version: Mapped[str] = mapped_column(String(20))
    """Version of the text that the person read."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BrowserSession(Base):
    """Who is at one browser; the signed cookie carries only an opaque token."""

    __tablename__ = "browser_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token in the cookie."""
    visit: Mapped[str] = mapped_column(String(32), index=True, default=new_public_id)
    """Random; the same for the session of a frame and for those of the tabs opened from it: who leaves
    one leaves them all, though each has its own cookie."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    person: Mapped[Person] = relationship()
    courses: Mapped[list[SessionCourse]] = relationship(
        back_populates="session", cascade="all, delete-orphan"
    )


class UsedTicket(Base):
    """A ticket for a new tab that was used; it cannot be used again."""

    __tablename__ = "used_ticket"

    ticket_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the ticket."""
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CourseRole(StrEnum):
    """What a launch says that a person is in a course; nothing else follows from it."""

    LEARNER = "learner"
    TRAINER = "trainer"


class SessionCourse(Base):
    """A course that this browser session was launched into, with the role of the last launch."""

    __tablename__ = "session_course"
    __table_args__ = (UniqueConstraint("session_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("browser_session.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    role: Mapped[CourseRole] = mapped_column(String(10))
    launched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    return_url: Mapped[str] = mapped_column(String(500), default="")
    """``launch_presentation.return_url`` or the course page: where « Quitter vers le cours » leads."""

    session: Mapped[BrowserSession] = relationship(back_populates="courses")
    course: Mapped[Course] = relationship()
