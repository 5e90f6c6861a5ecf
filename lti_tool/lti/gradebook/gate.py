"""Whether scores may go to a column: only while it does not count in the course total (decision 0031).

A column that is just made counts, as every new one does in Moodle. Once a trainer says that it does not
any more, one score is sent alone and its weight is read: an empty column tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.lti.gradebook.weights import Told, Weigh
from lti_tool.lti.models import LineItem, Score, ScoreState, Weight
from lti_tool.people.models import Account

log = structlog.get_logger(__name__)

SAMPLES = 3
"""How many of the people who have a score are given to be asked about."""
_KNOWN = {
    Told.OUT: Weight.OUT,
    Told.COUNTS: Weight.COUNTS,
    Told.UNSHOWN: Weight.UNSHOWN,
    Told.NO_TOTALS: Weight.NO_TOTALS,
}
TRIES = 3
"""How many scores are tried, one after the other, while none tells anything."""
TO_TRY = (Weight.ASKED, Weight.TRIED, Weight.OUT)
OPEN = (Weight.OUT, Weight.NO_TOTALS)
TakeBack = Callable[[Sequence[int]], None]
"""Takes scores (Score.id) out of the column."""


class Way(StrEnum):
    """What may be sent."""

    OPEN = "open"
    """Every score."""
    ONE = "one"
    """One score, to read the weight of its column."""
    CLOSED = "closed"
    """None; what is to be taken away may go."""


class Gate:
    """The gate of one column.

    Args:
        sessions: factory of database sessions.
        line_item_id: which column.
        weigh: tells what the platform shows of its weight.
        take_back: takes out of the column a score that was tried and counts.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        line_item_id: int,
        weigh: Weigh,
        take_back: TakeBack,
    ) -> None:
        self._sessions = sessions
        self._id = line_item_id
        self._weigh = weigh
        self._take_back = take_back

    def way(self, column: str) -> Way:
        """Return what may be sent now, from what the platform shows and what a trainer said.

        Raises:
            JobError: the platform refused or did not answer.
        """
        with self._sessions() as session:
            item = session.get_one(LineItem, self._id)
            before, course_id, subjects = item.weight, item.course_id, _subjects(session, item)
        told = self._weigh(course_id, column, subjects)
        if told is Told.NOTHING and before in TO_TRY:
            return Way.ONE
        return self._note(before, _KNOWN.get(told, Weight.COUNTS))

    def begin_try(self) -> None:
        """Note that one score goes out to read the weight."""
        with self._sessions.begin() as session:
            item = session.get_one(LineItem, self._id)
            item.weight, item.weighed_at = Weight.TRIED, clock.now().replace(microsecond=0)

    def end_try(self, column: str, score_id: int, subject: str) -> Way | None:
        """Read the weight from the score of one person; return what may be sent now.

        None: their grade tells nothing, as when it is left out of the total for them alone. Their score
        is taken back, and another one may be tried.

        Raises:
            JobError: the platform refused or did not answer; the next run asks again.
        """
        with self._sessions() as session:
            course_id = session.get_one(LineItem, self._id).course_id
        told = self._weigh(course_id, column, [subject])
        if told is Told.NOTHING:
            self._take_back([score_id])
            return None
        return self._note(Weight.TRIED, _KNOWN[told])

    def end_tries(self) -> Way:
        """Note that no score that was tried told anything."""
        return self._note(Weight.TRIED, Weight.UNSHOWN)

    def give_up_try(self) -> None:
        """Note that no score could go out: what the trainer said is still to be seen."""
        self._note(Weight.TRIED, Weight.ASKED)

    def _tried(self) -> list[int]:
        """Return the scores that were sent to read the weight; one may wait again with a new value."""
        with self._sessions() as session:
            item = session.get_one(LineItem, self._id)
            query = select(Score.id).where(
                Score.line_item_id == self._id,
                Score.state != ScoreState.REFUSED,
                Score.sent_at >= item.weighed_at,
            )
            return list(session.scalars(query))

    def _note(self, before: Weight, now: Weight) -> Way:
        """Write what is known, unless a trainer said something meanwhile: another run follows it.

        A score that was tried and counts goes first: killed in between, the next run begins there.
        """
        if before == Weight.TRIED and now in (Weight.COUNTS, Weight.UNSHOWN):
            self._take_back(self._tried())
        with self._sessions.begin() as session:
            if before != now:
                session.execute(
                    update(LineItem)
                    .where(LineItem.id == self._id, LineItem.weight == before)
                    .values(weight=now, weighed_at=clock.now())
                )
                log.info("publication.weight", line_item=self._id, before=before, now=now)
        return Way.OPEN if now in OPEN else Way.CLOSED


def _subjects(session: Session, item: LineItem) -> Sequence[str]:
    return session.scalars(
        select(Account.subject)
        .join(Score, Score.account_id == Account.id)
        .where(
            Score.line_item_id == item.id,
            Score.given.is_not(None),
            Score.sent_at.is_not(None),
        )
        .order_by(Score.sent_at.desc(), Score.id)
        .limit(SAMPLES)
    ).all()
