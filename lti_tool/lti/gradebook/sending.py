"""One score sent and its answer recorded, in a second of its own (rows 37 and 43 of spec/lti.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.lti.gradebook.errors import ScoreLater, ScoreRefused
from lti_tool.lti.gradebook.scores import read_result, score_message, send_score
from lti_tool.lti.models import Score, ScoreState
from lti_tool.lti.services.connector import ServiceConnector
from lti_tool.people.models import Account

SECOND = timedelta(seconds=1)
Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A score that a run saw waiting, and how often it had been tried by then."""

    score_id: int
    attempts: int


class Sender:
    """Sends scores one by one.

    Args:
        sessions: factory of database sessions; no transaction is open while the platform is waited for.
        pause: waits some seconds (tests do not).
    """

    def __init__(self, sessions: sessionmaker[Session], pause: Pause) -> None:
        self._sessions = sessions
        self._pause = pause

    def send(self, connector: ServiceConnector, column: str, one: Waiting) -> ScoreState | None:
        """Send one score and record the answer; None: there was nothing to send any more.

        Of two runs at once that both saw it waiting, the first one sends it.

        Raises:
            ServiceFailed: nothing can be sent now.
        """
        with self._sessions.begin() as session:
            row = session.get(Score, one.score_id, with_for_update=True)
            if row is None or row.state != ScoreState.WAITING or row.line_item.stopped_at:
                return None
            if row.attempts != one.attempts:
                return None
            row.attempts += 1
            score, subject = row, session.get_one(Account, row.account_id).subject
        try:
            at = self._accepted_at(connector, column, score, subject, score.given, score.comment)
        except (ScoreRefused, ScoreLater) as error:
            self._record(score, state=ScoreState.REFUSED, error_code=error.code)
            return ScoreState.REFUSED
        self._record(score, state=ScoreState.SENT, error_code="", sent_at=at)
        return ScoreState.SENT

    def take_back(self, connector: ServiceConnector, column: str, scores: Sequence[int]) -> None:
        """Take scores out of the column; they wait again.

        Raises:
            ServiceFailed: nothing can be sent now.
        """
        for score_id in scores:
            with self._sessions() as session:
                score = session.get_one(Score, score_id)
            try:
                at = self._accepted_at(connector, column, score, self.subject(score_id), None, "")
            except (ScoreRefused, ScoreLater) as error:
                self._record(score, state=ScoreState.REFUSED, error_code=error.code)
            else:
                self._record(score, state=ScoreState.WAITING, error_code="", sent_at=at)

    def subject(self, score_id: int) -> str:
        """Return the ``sub`` of the person whose score it is."""
        with self._sessions() as session:
            return session.get_one(Account, session.get_one(Score, score_id).account_id).subject

    def _accepted_at(
        self,
        connector: ServiceConnector,
        column: str,
        score: Score,
        subject: str,
        given: Decimal | None,
        comment: str,
    ) -> datetime:
        """Send, in a second of its own; when the platform holds a later one, once more, then look."""
        for last_try in (False, True):
            moment = self._next_second(score.sent_at)
            try:
                send_score(connector, column, score_message(subject, given, comment, moment))
            except ScoreLater:
                if last_try:
                    break
                self._pause(1.0)
            else:
                return moment
        held = read_result(connector, column, subject)
        if held is not None and (held.given, held.comment) == (given, comment):
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
