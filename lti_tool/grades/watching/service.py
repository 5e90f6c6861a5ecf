"""Watches the report of one site: read, compare, judge, mark, keep; and remembers how it went.

What cannot be believed marks nobody as gone (``rules.cadence.judge``). When the report itself changed
everything is taken as it is, without reading a whole site at once: whole readings by night make up
for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.errors import LtiToolError
from lti_tool.grades.rules.cadence import (
    FIRST_PAGE,
    Comparison,
    Verdict,
    departures_are_sure,
    judge,
    page_size,
)
from lti_tool.grades.watching.comparing import Change, Differences, compare
from lti_tool.grades.watching.courses import digest_of_courses, mapped_courses, never_read
from lti_tool.grades.watching.errors import (
    ReportCut,
    ReportEmpty,
    ReportFault,
    ReportShrunk,
)
from lti_tool.grades.watching.finding import find_report
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.grades.watching.reading import (
    Cost,
    KnownReport,
    WholeReport,
    is_unchanged,
    read_report,
)
from lti_tool.grades.watching.state import (
    layout_kept,
    note_failure,
    note_success,
    positions_of,
    stayed_small,
)
from lti_tool.grades.watching.storing import (
    ask_for_moved_cohorts,
    forget_other_courses,
    mark_first_readings,
    store_changes,
)
from lti_tool.platforms.models import Site
from lti_tool.platforms.service import client_for
from lti_tool.platforms.service.identity import forget_identity, identify
from lti_tool.settings import Settings
from moodle_client import MissingCapability, MoodleClient, MoodleError, NotFound

Progress = Callable[[int, int | None], None]
_FAULTS: dict[Verdict, type[ReportFault]] = {
    Verdict.CUT: ReportCut,
    Verdict.EMPTY: ReportEmpty,
    Verdict.SHRUNK: ReportShrunk,
}


@dataclass(frozen=True, slots=True)
class Watched:
    """What one watch found."""

    rows: int = 0
    unchanged: bool = False
    """Not one byte differed."""
    moved: int = 0
    """Enrolments of which something has to be read."""
    new: int = 0
    gone: int = 0
    reset: bool = False
    """Everything was taken as it is: the first watch, or another report."""

    def to_dict(self) -> dict[str, object]:
        """Return it as the ledger keeps it."""
        told = asdict(self)
        return {"departed" if name == "gone" else name: value for name, value in told.items()}


def watch_site(
    sessions: sessionmaker[Session],
    settings: Settings,
    site_id: int,
    progress: Progress = lambda _done, _total: None,
) -> Watched:
    """Watch one site now, and note when to do it again.

    Nothing is held while Moodle is read. Run by one worker at a time (the key of its job).

    Raises:
        MoodleError, LtiToolError: why it could not; it is noted, and nothing was forgotten.
    """
    started = clock.now()
    with sessions.begin() as session:
        site = session.get_one(Site, site_id)
        watch = session.get(SiteWatch, site_id) or SiteWatch(site_id=site_id, next_at=started)
        session.add(watch)
        watch.started_at = started
        session.flush()
        session.expunge(watch)
        courses = mapped_courses(session, site_id, started)
        client = client_for(site, settings)
    every = timedelta(minutes=settings.watch_minutes)
    try:
        with client:
            identify(sessions, client, site_id)
            return _watch(sessions, client, watch, courses, every, progress)
    except (MoodleError, LtiToolError) as error:
        note_failure(sessions, site_id, error, every)
        forget_identity(sessions, site_id)
        raise


def _watch(
    sessions: sessionmaker[Session],
    client: MoodleClient,
    watch: SiteWatch,
    courses: Mapping[int, int],
    every: timedelta,
    progress: Progress,
) -> Watched:
    cost = Cost()
    per_page = watch.per_page or FIRST_PAGE
    pages_of = digest_of_courses(courses, per_page)
    known = [bytes.fromhex(page) for page in watch.pages] if watch.pages_of == pages_of else []
    # Of a site that is never quiet, the first pages would be read twice each time.
    if (
        known
        and watch.report_id is not None
        and (watch.quiet or len(known) == 1)
        and is_unchanged(client, watch.report_id, per_page, known, cost)
    ):
        note_success(sessions, watch, every, cost, quiet=True)
        return Watched(rows=watch.rows, unchanged=True)
    whole = _read(client, watch, per_page, courses, cost, progress)
    seen_at = clock.now()
    found, change, sure = _settle(sessions, watch, whole, courses)
    with sessions.begin() as session:
        forget_other_courses(session, watch.site_id, courses)
    note_success(
        sessions,
        watch,
        every,
        cost,
        quiet=not (found.moved or found.new or found.gone),
        report_id=whole.report.id,
        report_name=whole.report.name[:255],
        layout=positions_of(whole.layout),
        decimal_sign=whole.layout.decimal_sign,
        conditions=whole.report.conditions[:4000],
        signature=whole.signature,
        pages=[page.hex() for page in whole.pages] if sure else [],
        pages_of=pages_of,
        rows=whole.announced[1],
        per_page=page_size(per_page, cost.largest, cost.slowest),
        **({"reset_at": seen_at} if change.reset else {}),
    )
    return change


def _read(
    client: MoodleClient,
    watch: SiteWatch,
    per_page: int,
    courses: Mapping[int, int],
    cost: Cost,
    progress: Progress,
) -> WholeReport:
    """Read the report that is known, or look for one when there is none, or no longer."""
    known = KnownReport(watch.signature, layout_kept(watch))
    if watch.report_id is not None:
        try:
            return read_report(client, watch.report_id, per_page, courses, cost, known, progress)
        except (NotFound, MissingCapability):
            pass
    found = find_report(client)
    return read_report(client, found.report.id, per_page, courses, cost, known, progress)


def _settle(
    sessions: sessionmaker[Session],
    watch: SiteWatch,
    whole: WholeReport,
    courses: Mapping[int, int],
) -> tuple[Differences, Watched, bool]:
    """Mark and keep what differs; return it, counted, and whether nothing was put off."""
    with sessions() as session:
        found = compare(session, watch.site_id, whole.enrolments, courses)
        unread = never_read(session, {courses[change.course] for change in found.new})
    seen = Comparison(whole.rows, whole.announced, found.known, found.to_read, len(found.gone))
    verdict = judge(seen)
    same = watch.signature == whole.signature and watch.layout == positions_of(whole.layout)
    reset = not same or verdict is Verdict.RESHAPED
    if verdict is Verdict.SHRUNK:
        reset = reset or stayed_small(sessions, watch.site_id)
    if verdict in _FAULTS and not (reset and verdict is Verdict.SHRUNK):
        raise _FAULTS[verdict]
    sure = departures_are_sure(seen)
    gone: list[Change] = found.gone if sure else []
    # Before its enrolments are kept: they would not be new any more.
    mark_first_readings(sessions, unread)
    if found.cohorts and not reset:
        ask_for_moved_cohorts(sessions, watch.site_id)
    if reset:
        store_changes(
            sessions, watch.site_id, [*found.moved, *found.new, *gone], courses, mark=False
        )
    else:
        # Of a course that was never read everything is read at once, not person by person.
        first = [one for one in found.new if courses[one.course] in unread]
        later = [one for one in found.new if courses[one.course] not in unread]
        store_changes(sessions, watch.site_id, first, courses, mark=False)
        store_changes(sessions, watch.site_id, [*found.moved, *later, *gone], courses)
    counted = Watched(
        rows=whole.rows, moved=found.to_read, new=len(found.new), gone=len(gone), reset=reset
    )
    return found, counted, sure or not found.gone
