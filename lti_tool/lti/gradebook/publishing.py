"""One publication of one column: who is there, what is wanted, where the column is, then each score.

Holds no transaction while the platform is waited for. Each score is recorded as soon as it is
answered: killed half way, the next run sends what is left. Rows 37 and 43 of spec/lti.md §4.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.lti.gradebook.columns import column_stands, find_column, make_column
from lti_tool.lti.gradebook.errors import ScoreLater, ScoreRefused
from lti_tool.lti.gradebook.outcomes import outcomes_of
from lti_tool.lti.gradebook.scores import read_result, score_message, send_score
from lti_tool.lti.gradebook.settling import settle, wait_again
from lti_tool.lti.models import ContextServices, LineItem, Outcome, Score, ScoreState
from lti_tool.lti.roster.service import sync_roster
from lti_tool.lti.services.connector import Exchange, ServiceConnector, telling
from lti_tool.lti.services.errors import ServiceFailed, ServiceNotThere, ServicesUnknown
from lti_tool.lti.services.names import GRADEBOOK_SCOPES
from lti_tool.lti.services.wire import exchange
from lti_tool.people.models import Account

log = structlog.get_logger(__name__)

FRESH_ROSTER = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
Progress = Callable[[int, int | None], None]
Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the scores that waited."""

    sent: int = 0
    refused: int = 0


class Publication:
    """The publication of one column.

    Args:
        sessions: factory of database sessions.
        line_item_id: which column.
        progress: told how many scores are done; may stop the run.
        pause: waits some seconds (tests do not).
        send: makes one exchange (tests).
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        line_item_id: int,
        *,
        progress: Progress = lambda _done, _total: None,
        pause: Pause = time.sleep,
        send: Exchange = exchange,
    ) -> None:
        self._sessions = sessions
        self._id = line_item_id
        self._progress = progress
        self._pause = pause
        self._send = telling(send, lambda: progress(*self._done))
        self._done: tuple[int, int | None] = (0, None)

    def run(self) -> Published:
        """Send what waits; return how many were accepted and refused.

        Raises:
            ServiceFailed: nothing more can be sent now; what was is recorded.
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
            return self._send_waiting(connector, column)
        except ServiceNotThere:
            # Deleted between two scores: made again once, and everything sent again.
            column = self._column(connector, services.lineitems_url)
            return self._send_waiting(connector, column)

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
            _forget_sent(session, item)
        log.info("publication.column", line_item=self._id, again=bool(known))
        self._settle()
        return column

    def _send_waiting(self, connector: ServiceConnector, column: str) -> Published:
        with self._sessions() as session:
            waiting = session.scalars(
                select(Score.id)
                .where(Score.line_item_id == self._id, Score.state == ScoreState.WAITING)
                .order_by(Score.id)
            ).all()
        sent = refused = 0
        for done, score_id in enumerate(waiting):
            self._done = (done, len(waiting))
            self._progress(*self._done)
            state = self._send_one(connector, column, score_id)
            sent += state is ScoreState.SENT
            refused += state is ScoreState.REFUSED
        self._progress(len(waiting), len(waiting))
        return Published(sent, refused)

    def _send_one(
        self, connector: ServiceConnector, column: str, score_id: int
    ) -> ScoreState | None:
        """Send one score and record the answer; None: there was nothing to send any more."""
        with self._sessions.begin() as session:
            row = session.get(Score, score_id)
            if row is None or row.state != ScoreState.WAITING or row.line_item.stopped_at:
                return None
            row.attempts += 1
            score, subject = row, session.get_one(Account, row.account_id).subject
        try:
            at = self._accepted_at(connector, column, score, subject)
        except (ScoreRefused, ScoreLater) as error:
            self._record(score, state=ScoreState.REFUSED, error_code=error.code)
            return ScoreState.REFUSED
        self._record(score, state=ScoreState.SENT, error_code="", sent_at=at)
        return ScoreState.SENT

    def _accepted_at(
        self, connector: ServiceConnector, column: str, score: Score, subject: str
    ) -> datetime:
        """Send, in a second of its own; when the platform holds a later one, once more, then look."""
        for last_try in (False, True):
            moment = self._next_second(score.sent_at)
            try:
                send_score(
                    connector, column, score_message(subject, score.given, score.comment, moment)
                )
            except ScoreLater:
                if last_try:
                    break
                self._pause(1.0)
            else:
                return moment
        held = read_result(connector, column, subject)
        if held is not None and (held.given, held.comment) == (score.given, score.comment):
            return held.at or moment
        raise ScoreLater(f"score {score.id}")

    def _next_second(self, sent_at: datetime | None) -> datetime:
        """Return the present second once it is later than the last one sent; never the future."""
        moment = clock.now().replace(microsecond=0)
        if sent_at is not None and moment <= sent_at:
            if sent_at - moment > 2 * SECOND:
                raise ScoreLater("our own clock went back")
            self._pause((sent_at + SECOND - clock.now()).total_seconds())
            moment = clock.now().replace(microsecond=0)
        return moment

    def _record(self, score: Score, sent_at: datetime | None = None, **values: object) -> None:
        """Write the answer; where another value became the wanted one meanwhile, that still waits."""
        with self._sessions.begin() as session:
            if sent_at is not None:
                _update(session, Score.id == score.id, sent_at=sent_at)
            same = (Score.id == score.id) & (Score.wanted_at == score.wanted_at)
            _update(session, same, **values)


def _update(session: Session, where: ColumnElement[bool], **values: object) -> None:
    session.execute(
        update(Score).where(where).values(**values).execution_options(synchronize_session=False)
    )


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
