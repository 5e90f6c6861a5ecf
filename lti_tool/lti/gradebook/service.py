"""Use cases of the gradebook: publish, stop, retry, and read where each learner's score stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.errors import NotFound
from lti_tool.jobs import Job, JobState, enqueue
from lti_tool.lti.gradebook.outcomes import MAXIMUM
from lti_tool.lti.gradebook.settling import wait_again
from lti_tool.lti.models import LineItem, Outcome, Score, ScoreState, Weight
from lti_tool.lti.roster.service import services_of_course
from lti_tool.lti.services.errors import ServicesUnknown
from lti_tool.people.models import Account

PUBLISH = "lti.publish_scores"
PAGE_SIZE = 50
HELD = (Weight.COUNTS, Weight.ASKED, Weight.TRIED, Weight.UNSHOWN)
"""No score is sent before the weight of the column is known to be 0."""
_ORDER = case({ScoreState.REFUSED: 0, ScoreState.WAITING: 1}, value=Score.state, else_=2)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Where one learner's score stands."""

    score_id: int
    name: str
    given: Decimal | None
    state: ScoreState
    error_code: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Publishing:
    """Where the publication of one outcome stands."""

    outcome: Outcome
    item: LineItem | None
    counts: dict[ScoreState, int]
    job: Job | None
    """The run that waits or runs, else the last one."""

    @property
    def is_active(self) -> bool:
        """Whether scores are being published."""
        return self.item is not None and self.item.stopped_at is None

    @property
    def is_held(self) -> bool:
        """Whether scores wait until the column is out of the course total."""
        return self.item is not None and self.is_active and self.item.weight in HELD

    @property
    def is_running(self) -> bool:
        """Whether a run waits or runs."""
        return self.job is not None and not self.job.is_over


def publish(
    session: Session, course_id: int, outcome: Outcome, label: str, asked_by: int
) -> LineItem:
    """Begin to publish an outcome, or begin again, and commit.

    Raises:
        ServicesUnknown: no launch told where the gradebook of the course is.
    """
    services = services_of_course(session, course_id)
    if services is None or not services.lineitems_url:
        raise ServicesUnknown(f"course {course_id}")
    item = _find(session, course_id, services.registration_id, outcome)
    if item is None:
        item = _add(session, course_id, services.registration_id, outcome, label, asked_by)
    item.stopped_at, item.asked_by = None, asked_by
    _journal(session, item, "publication.started", asked_by)
    _queue(session, item, asked_by)
    session.commit()
    return item


def stop(session: Session, course_id: int, outcome: Outcome, asked_by: int) -> None:
    """Stop publishing an outcome, and commit; the column and its grades stay in Moodle.

    Raises:
        NotFound: it was not published.
    """
    item = _active(session, course_id, outcome)
    item.stopped_at = clock.now()
    _journal(session, item, "publication.stopped", asked_by)
    session.commit()


def retry(
    session: Session, course_id: int, outcome: Outcome, asked_by: int, score_id: int | None = None
) -> None:
    """Have refused scores sent again, all or one, and commit.

    Raises:
        NotFound: nothing is published, or the score is of another column.
    """
    item = _active(session, course_id, outcome)
    query = select(Score).where(Score.line_item_id == item.id)
    if score_id is None:
        query = query.where(Score.state == ScoreState.REFUSED)
    else:
        query = query.where(Score.id == score_id)
    rows = session.scalars(query).all()
    if score_id is not None and not rows:
        raise NotFound("score")
    wait_again(rows)
    _queue(session, item, asked_by)
    session.commit()


def ask_to_weigh(session: Session, course_id: int, outcome: Outcome, asked_by: int) -> None:
    """Note that a trainer says that a column is out of the course total, have it seen, and commit.

    Raises:
        NotFound: nothing is published.
    """
    item = _active(session, course_id, outcome)
    if item.weight in (Weight.NOT_READ, Weight.COUNTS, Weight.UNSHOWN):
        item.weight, item.weighed_at = Weight.ASKED, clock.now()
    _journal(session, item, "publication.said_out_of_total", asked_by)
    _queue(session, item, asked_by)
    session.commit()


def hand_on(session: Session, line_item_id: int, job_id: int) -> None:
    """Queue the run that follows one whose time was over, for whoever asked for it, and commit."""
    job = session.get(Job, job_id)
    _queue(session, session.get_one(LineItem, line_item_id), None if job is None else job.asked_by)
    session.commit()


def ask_for_publication(session: Session, course_ids: Sequence[int]) -> None:
    """Queue a run for each outcome published in these courses, in the caller's transaction."""
    items = session.scalars(
        select(LineItem)
        .where(LineItem.course_id.in_(course_ids), LineItem.stopped_at.is_(None))
        .order_by(LineItem.id)
    )
    for item in items.all():
        _queue(session, item, None)


def publishings(session: Session, course_id: int) -> list[Publishing]:
    """Return where each outcome of a course stands, those never published included."""
    newest = {
        Outcome(item.outcome): item
        for item in session.scalars(
            select(LineItem).where(LineItem.course_id == course_id).order_by(LineItem.id)
        )
    }
    return [
        Publishing(outcome, newest.get(outcome), *_progress_of(session, newest.get(outcome)))
        for outcome in Outcome
    ]


def is_offered(session: Session, course_id: int) -> bool:
    """Whether the platform told where the gradebook of the course is."""
    services = services_of_course(session, course_id)
    return services is not None and bool(services.lineitems_url)


def score_lines(session: Session, item: LineItem, page: int) -> tuple[list[ScoreLine], int, int]:
    """Return a page of scores, what needs somebody first; its number within bounds, and of how many."""
    total = session.scalar(
        select(func.count()).select_from(Score).where(Score.line_item_id == item.id)
    )
    pages = max(1, -(-(total or 0) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = session.execute(
        select(
            Score.id, Account.full_name, Score.given, Score.state, Score.error_code, Score.sent_at
        )
        .join(Account, Account.id == Score.account_id)
        .where(Score.line_item_id == item.id)
        .order_by(_ORDER, Account.full_name, Score.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    lines = [ScoreLine(row[0], row[1], row[2], ScoreState(row[3]), row[4], row[5]) for row in rows]
    return lines, page, pages


def _progress_of(
    session: Session, item: LineItem | None
) -> tuple[dict[ScoreState, int], Job | None]:
    if item is None:
        return {}, None
    jobs = select(Job).where(Job.kind == PUBLISH, Job.key.in_(_keys(item)))
    # A run that is not over is what the trainer waits for; else the last one says how it ended.
    over = case((Job.state.in_((JobState.QUEUED, JobState.RUNNING)), 0), else_=1)
    job = session.scalar(jobs.order_by(over, Job.id.desc()).limit(1))
    # Read after the job: of one that is over, nothing can be missing in what is counted.
    counted = session.execute(
        select(Score.state, func.count()).where(Score.line_item_id == item.id).group_by(Score.state)
    )
    return {ScoreState(state): number for state, number in counted}, job


def _queue(session: Session, item: LineItem, asked_by: int | None) -> None:
    """Queue a run. One that runs may have read what was wanted before now: another follows it."""
    first, following = _keys(item)
    job = enqueue(session, PUBLISH, {"line_item_id": item.id}, key=first, asked_by=asked_by)
    if job.state == JobState.RUNNING:
        enqueue(session, PUBLISH, {"line_item_id": item.id}, key=following, asked_by=asked_by)


def _keys(item: LineItem) -> tuple[str, str]:
    return f"{PUBLISH}:{item.id}", f"{PUBLISH}:{item.id}:next"


def _find(
    session: Session, course_id: int, registration_id: int, outcome: Outcome
) -> LineItem | None:
    return session.scalar(
        select(LineItem).where(
            LineItem.course_id == course_id,
            LineItem.registration_id == registration_id,
            LineItem.outcome == outcome,
        )
    )


def _active(session: Session, course_id: int, outcome: Outcome) -> LineItem:
    item = session.scalar(
        select(LineItem)
        .where(
            LineItem.course_id == course_id,
            LineItem.outcome == outcome,
            LineItem.stopped_at.is_(None),
        )
        .order_by(LineItem.id.desc())
        .limit(1)
    )
    if item is None:
        raise NotFound("publication")
    return item


def _add(
    session: Session,
    course_id: int,
    registration_id: int,
    outcome: Outcome,
    label: str,
    asked_by: int,
) -> LineItem:
    item = LineItem(
        course_id=course_id,
        registration_id=registration_id,
        outcome=outcome,
        label=label[:255],
        score_maximum=MAXIMUM,
        asked_by=asked_by,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(item)
    except IntegrityError:
        # Another trainer of the course, a moment ago.
        found = _find(session, course_id, registration_id, outcome)
        if found is None:
            raise
        return found
    return item


def _journal(session: Session, item: LineItem, action: str, actor_id: int) -> None:
    session.flush()
    journal.record(
        session,
        actor_id=actor_id,
        action=action,
        subject="line_item",
        subject_id=item.id,
        outcome=str(item.outcome),
        course=item.course_id,
    )
