"""One publication of one column: who is there, what is wanted, where the column is, then each score.

Holds no transaction while the platform is waited for. Each score is recorded as soon as it is
answered: killed half way, or at the end of its time, the next run sends what is left. Rows 37 and 43 of
spec/lti.md §4; what may be sent at all, ``gate`` says.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.lti.gradebook.columns import column_stands, find_column, make_column
from lti_tool.lti.gradebook.gate import TRIES, Gate, Way
from lti_tool.lti.gradebook.outcomes import outcomes_of
from lti_tool.lti.gradebook.sending import Pause, Sender, Waiting
from lti_tool.lti.gradebook.settling import settle, wait_again
from lti_tool.lti.gradebook.weights import Told, Weigh
from lti_tool.lti.models import ContextServices, LineItem, Outcome, Score, ScoreState, Weight
from lti_tool.lti.roster.service import sync_roster
from lti_tool.lti.services.connector import Exchange, ServiceConnector, telling
from lti_tool.lti.services.errors import ServiceFailed, ServiceNotThere, ServicesUnknown
from lti_tool.lti.services.names import GRADEBOOK_SCOPES
from lti_tool.lti.services.wire import exchange

log = structlog.get_logger(__name__)

FRESH_ROSTER = timedelta(minutes=10)
BUDGET = timedelta(minutes=5)
"""How long one run sends; what is left is for the run that follows it."""
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the scores that waited."""

    sent: int = 0
    refused: int = 0
    left: int = 0
    """Scores that still wait because the time of the run was over."""
    held: int = 0
    """Scores that wait because their column counts in the course total, or may."""

    def __add__(self, other: Published) -> Published:
        """Return what became of both."""
        return Published(
            self.sent + other.sent,
            self.refused + other.refused,
            self.left + other.left,
            self.held + other.held,
        )


class Publication:
    """The publication of one column.

    Args:
        sessions: factory of database sessions.
        line_item_id: which column.
        progress: told how many scores are done; may stop the run.
        weigh: tells whether the column counts in the course total.
        budget: how long scores are sent for.
        pause: waits some seconds (tests do not).
        send: makes one exchange (tests).
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        line_item_id: int,
        *,
        weigh: Weigh,
        progress: Progress = lambda _done, _total: None,
        budget: timedelta = BUDGET,
        pause: Pause = time.sleep,
        send: Exchange = exchange,
    ) -> None:
        self._sessions = sessions
        self._id = line_item_id
        self._told = weigh
        self._ends_at = clock.now() + budget
        self._progress = progress
        self._sender = Sender(sessions, pause)
        self._send = telling(send, lambda: progress(*self._done))
        self._done: tuple[int, int | None] = (0, None)

    def run(self) -> Published:
        """Send what waits; return how many were accepted and refused.

        Raises:
            ServiceFailed, JobError: nothing more can be sent now; what was is recorded.
        """
        with self._sessions() as session:
            item = session.get_one(LineItem, self._id)
            services = _services(session, item)
        if item.stopped_at is not None:
            return Published()
        if services is None or not services.lineitems_url:
            raise ServicesUnknown(f"line item {self._id}")
        self._know_who_is_there(services)
        connector = ServiceConnector(
            self._sessions, item.registration_id, GRADEBOOK_SCOPES, send=self._send
        )
        self._settle()
        column = self._column(connector, services.lineitems_url)
        try:
            return self._send_what_may_go(connector, column)
        except ServiceNotThere:
            # Deleted between two scores: made again once, and everything sent again.
            column = self._column(connector, services.lineitems_url)
            return self._send_what_may_go(connector, column)

    def _know_who_is_there(self, services: ContextServices) -> None:
        """Read the roster again unless it is fresh; without it, the web services must do."""
        read_at = services.roster_read_at
        if not services.memberships_url:
            return
        if read_at is not None and clock.now() - read_at < FRESH_ROSTER:
            return
        try:
            sync_roster(self._sessions, services.course_id, send=self._send)
        except ServiceFailed as error:
            if error.retryable:
                raise
            log.warning("publication.without_roster", line_item=self._id, code=error.code)

    def _settle(self) -> None:
        with self._sessions.begin() as session:
            item = session.get_one(LineItem, self._id)
            outcomes = outcomes_of(session, item.course_id, Outcome(item.outcome))
            settle(session, item, outcomes, clock.now())

    def _column(self, connector: ServiceConnector, lineitems_url: str) -> str:
        """Return the address of our column, found or made; a new one gets every score again."""
        with self._sessions() as session:
            item = session.get_one(LineItem, self._id)
            outcome, known, label = Outcome(item.outcome), item.url, item.label
        if known and column_stands(connector, known, outcome):
            return known
        column = find_column(connector, lineitems_url, outcome) or make_column(
            connector, lineitems_url, outcome, label
        )
        with self._sessions.begin() as session:
            item = session.get_one(LineItem, self._id)
            item.url = column
            item.weight, item.weighed_at = Weight.NOT_READ, clock.now()
            _forget_sent(session, item)
        log.info("publication.column", line_item=self._id, again=bool(known))
        self._settle()
        return column

    def _send_what_may_go(self, connector: ServiceConnector, column: str) -> Published:
        # A withdrawn certification does not wait for the weight, nor for web services that fail.
        away = self._send_each(connector, column, self._waiting(Score.given.is_(None)))
        if away.left:
            return away
        gate = Gate(
            self._sessions,
            self._id,
            self._weigh,
            lambda scores: self._sender.take_back(connector, column, scores),
        )
        way, first = gate.way(column), Published()
        if way is Way.ONE:
            way, first = self._try_one(connector, column, gate)
        if way is Way.OPEN:
            return away + first + self._send_each(connector, column, self._waiting())
        return away + first + Published(held=len(self._waiting(Score.given.is_not(None))))

    def _weigh(self, course_id: int, column: str, subjects: Sequence[str]) -> Told:
        self._progress(*self._done)
        return self._told(course_id, column, subjects)

    def _try_one(
        self, connector: ServiceConnector, column: str, gate: Gate
    ) -> tuple[Way, Published]:
        """Send one score alone, and read from it whether the column counts; else from the next one."""
        refused = silent = 0
        # Those who told nothing the last time come last.
        waiting = sorted(self._waiting(Score.given.is_not(None)), key=lambda one: one.attempts)
        if not waiting:
            return Way.CLOSED, Published()
        gate.begin_try()
        for done, one in enumerate(waiting):
            if silent and (silent == TRIES or clock.now() >= self._ends_at):
                break
            if done and clock.now() >= self._ends_at:
                gate.give_up_try()
                return Way.CLOSED, Published(refused=refused, left=len(waiting) - done)
            state = self._sender.send(connector, column, one)
            if state is ScoreState.SENT:
                subject = self._sender.subject(one.score_id)
                way = gate.end_try(column, one.score_id, subject)
                if way is not None:
                    return way, Published(sent=int(way is Way.OPEN), refused=refused)
                silent += 1
            refused += state is ScoreState.REFUSED
        if silent:
            return gate.end_tries(), Published(refused=refused)
        gate.give_up_try()
        return Way.CLOSED, Published(refused=refused)

    def _waiting(self, *which: ColumnElement[bool]) -> list[Waiting]:
        with self._sessions() as session:
            rows = session.execute(
                select(Score.id, Score.attempts)
                .where(Score.line_item_id == self._id, Score.state == ScoreState.WAITING, *which)
                .order_by(Score.id)
            )
            return [Waiting(*row) for row in rows]

    def _send_each(
        self, connector: ServiceConnector, column: str, waiting: Sequence[Waiting]
    ) -> Published:
        """Send scores until the time is over; one at least, so that each run comes nearer the end."""
        sent = refused = 0
        for done, one in enumerate(waiting):
            if done and clock.now() >= self._ends_at:
                return Published(sent, refused, left=len(waiting) - done)
            self._done = (done, len(waiting))
            self._progress(*self._done)
            state = self._sender.send(connector, column, one)
            sent += state is ScoreState.SENT
            refused += state is ScoreState.REFUSED
        self._progress(len(waiting), len(waiting))
        return Published(sent, refused)


def _services(session: Session, item: LineItem) -> ContextServices | None:
    return session.scalar(
        select(ContextServices).where(
            ContextServices.course_id == item.course_id,
            ContextServices.registration_id == item.registration_id,
        )
    )


def _forget_sent(session: Session, item: LineItem) -> None:
    """A new column holds nothing: what is wanted waits again, what was taken away is forgotten."""
    rows = session.scalars(select(Score).where(Score.line_item_id == item.id)).all()
    for row in rows:
        row.sent_at = None
        if row.given is None:
            session.delete(row)
    wait_again([row for row in rows if row.given is not None])
