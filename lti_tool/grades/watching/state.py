"""Remembers how the watch of a site went, and when its next turn comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.errors import LtiToolError
from lti_tool.grades.rules.cadence import pause
from lti_tool.grades.rules.report import Column, Layout
from lti_tool.grades.watching.errors import ColumnsMissing, NoReport
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.grades.watching.reading import Cost
from moodle_client import AccessDenied, MissingCapability, MoodleError

BELIEVED_AFTER = timedelta(days=1)
"""A report that shrank is taken as it is once it stayed so for a day."""


def layout_kept(watch: SiteWatch) -> Layout:
    """Return where the columns of the report were when it was last read."""
    return Layout({Column(name): rank for name, rank in watch.layout.items()}, watch.decimal_sign)


def positions_of(layout: Layout) -> dict[str, int]:
    """Return where the columns are, as it is kept."""
    return {str(column): rank for column, rank in layout.positions.items()}


def has_no_report(error: Exception) -> bool:
    """Whether the site answers, but there is no report to watch: other signs have to do."""
    return isinstance(error, NoReport | ColumnsMissing | AccessDenied | MissingCapability)


def note_failure(
    sessions: sessionmaker[Session],
    site_id: int,
    error: MoodleError | LtiToolError,
    every: timedelta,
) -> None:
    """Note that the site could not be watched, and wait longer each time that it does not answer."""
    moment = clock.now()
    with sessions.begin() as session:
        watch = session.get_one(SiteWatch, site_id)
        watch.failures += 1
        watch.failing_since = watch.failing_since or moment
        watch.error_code = error.code
        watch.pages, watch.quiet = [], False
        failures = 0 if has_no_report(error) else watch.failures
        watch.next_at = moment + pause(every, watch.seconds, failures)


def stayed_small(sessions: sessionmaker[Session], site_id: int) -> bool:
    """Note since when the report is small; return whether that is long enough to be believed."""
    moment = clock.now()
    with sessions.begin() as session:
        watch = session.get_one(SiteWatch, site_id)
        watch.shrunk_since = watch.shrunk_since or moment
        return moment - watch.shrunk_since >= BELIEVED_AFTER


def note_success(
    sessions: sessionmaker[Session],
    watch: SiteWatch,
    every: timedelta,
    cost: Cost,
    **values: object,
) -> None:
    """Note what the watch learnt, and when to watch again."""
    with sessions.begin() as session:
        kept = session.get_one(SiteWatch, watch.site_id)
        for name, value in values.items():
            setattr(kept, name, value)
        kept.read_at = watch.started_at
        kept.seconds = cost.seconds
        kept.failures, kept.error_code = 0, ""
        kept.failing_since = kept.shrunk_since = None
        kept.next_at = _next(watch.started_at, clock.now(), pause(every, cost.seconds))


def _next(started: datetime | None, now: datetime, wait: timedelta) -> datetime:
    """Return the next turn: counted from the beginning of this one, so that none drifts."""
    return max((started or now) + wait, now)
