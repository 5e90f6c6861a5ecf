"""Tables of the watch: where it stands for each site, and what each enrolment looked like."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, String, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from lti_tool.grades.rules.kinds import Kind
from lti_tool.platforms.models import Site
from lti_tool.store import Base, UtcDateTime


class SiteWatch(Base):
    """The watch of one site: its report, when it was read, what it costs, what is wrong."""

    __tablename__ = "site_watch"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    report_id: Mapped[int | None]
    """Moodle's number of the report, None as long as none was found."""
    report_name: Mapped[str] = mapped_column(String(255), default="")
    layout: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Rank of each column that was recognised."""
    decimal_sign: Mapped[str] = mapped_column(String(1), default="")
    """As the account's language writes grades; only told to people."""
    conditions: Mapped[str] = mapped_column(String(4000), default="")
    """What the report filters by, as Moodle stores it."""
    signature: Mapped[str] = mapped_column(String(64), default="")
    """Digest of the report's definition and of the names of its columns."""
    pages: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Digest of each page as last read; empty when they have to be looked into."""
    pages_of: Mapped[str] = mapped_column(String(64), default="")
    """Digest of what the pages depend on: the courses that count and the size of a page."""
    quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the last watch found every page as it was."""
    per_page: Mapped[int] = mapped_column(default=0)
    """Rows asked for at once, 0 before the first page."""
    rows: Mapped[int] = mapped_column(default=0)
    """Rows of the report, those of courses that do not count included."""
    seconds: Mapped[float] = mapped_column(default=0.0)
    """What the last watch that went well cost Moodle."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last attempt."""
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last watch that went well began: what did not move is known as of then."""
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    """Attempts that failed since one went well."""
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error_code: Mapped[str] = mapped_column(String(40), default="")
    """Stable code of the last failure, empty when the last attempt went well."""
    shrunk_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when most of the enrolments are missing from the report."""
    reset_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When everything was last taken as it is, without comparing: whole readings older than that
    are due."""
    signals_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When signs were last followed, on a site without a report."""
    night: Mapped[date | None] = mapped_column(Date)
    """The last night in which whole readings were asked for, by its local date."""
    night_seconds: Mapped[float] = mapped_column(default=0.0)
    """What those of that night cost Moodle, as estimated."""

    site: Mapped[Site] = relationship()


class WatchedEnrolment(Base):
    """What one enrolment looked like in the report: digests, and why it is not in force."""

    __tablename__ = "watched_enrolment"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    course: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Moodle's number of the course."""
    subject: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Moodle's number of the person."""
    grade: Mapped[int] = mapped_column(BigInteger)
    completion: Mapped[int] = mapped_column(BigInteger)
    membership: Mapped[int | None] = mapped_column(BigInteger)
    access: Mapped[int] = mapped_column(BigInteger)
    cohort: Mapped[int | None] = mapped_column(BigInteger)
    """Digest of each family of columns (``rules.fingerprints``); None: not known yet, as after an upgrade."""
    kind: Mapped[Kind] = mapped_column(String(10), default=Kind.UNKNOWN, server_default="")
    """Suspended, over or to come; empty when it is in force or when the report does not tell."""


BELIEVED_FOR = timedelta(days=1)
"""How long what a report said of an enrolment stands once it is no longer read."""


def kinds_told(
    session: Session, site_id: int, course: int, subjects: Collection[int], at: datetime
) -> dict[int, Kind]:
    """Return why enrolments are not in force, of those of which a report read lately tells it.

    Args:
        course, subjects: Moodle's numbers.
        at: now.
    """
    if not subjects:
        return {}
    rows = session.execute(
        select(WatchedEnrolment.subject, WatchedEnrolment.kind)
        .join(SiteWatch, SiteWatch.site_id == WatchedEnrolment.site_id)
        .where(
            WatchedEnrolment.site_id == site_id,
            WatchedEnrolment.course == course,
            WatchedEnrolment.subject.in_(subjects),
            WatchedEnrolment.kind != Kind.UNKNOWN,
            SiteWatch.read_at >= at - BELIEVED_FOR,
        )
    )
    return {row.subject: Kind(row.kind) for row in rows}
