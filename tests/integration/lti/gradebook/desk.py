"""A trainer at the gradebook of the demonstration's Moodle, and a clock that waits without waiting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.demo.moodle.gradebook.items import Grade, GradeItem
from lti_tool.lti.gradebook import outcomes as sources
from lti_tool.lti.gradebook.outcomes import Outcomes, Wanted
from lti_tool.lti.gradebook.publishing import Publication, Published
from lti_tool.lti.gradebook.service import publish
from lti_tool.lti.gradebook.weights import Told
from lti_tool.lti.models import Outcome, Score
from lti_tool.lti.services.wire import Answer, exchange
from lti_tool.people.models import Account
from tests.factories import make_person
from tests.integration.lti.services.conftest import COURSE, Peer

LABEL = "Certification RMP-ADL"


def nobody_reads(_course_id: int, _column: str, _subjects: Sequence[str]) -> Told:
    """A site without token, where no total is read."""
    return Told.NO_TOTALS


def full(comment: str = "Délivrée le 12 mars 2027.") -> Wanted:
    return Wanted(Decimal(100), comment)


class Desk:
    """A trainer at the gradebook, and a clock that waits without waiting."""

    def __init__(self, peer: Peer, session: Session) -> None:
        self.peer, self.session = peer, session
        self.wanted: dict[str, Wanted] = {}
        self.waits: list[float] = []
        self.moment = clock.now()
        self.sent: list[dict[str, Any]] = []
        self.before: Callable[[dict[str, Any]], Answer | None] = lambda _message: None
        peer.site.clock = lambda: self.moment
        self.trainer = make_person(session, "Tiana Formatrice").id
        session.commit()

    def outcomes(self, session: Session, course_id: int, outcome: Outcome) -> Outcomes:
        """What the certification would say: everyone enrolled learns, some have a score."""
        accounts = {account.subject: account.id for account in session.scalars(select(Account))}
        learners = {
            number
            for subject, number in accounts.items()
            if subject.isdigit()
            and (one := self.peer.site.world.enrolment(COURSE, int(subject)))
            and one.role.gradable
            and one.is_active(self.peer.site.now)
        }
        wanted = {
            accounts[subject]: one for subject, one in self.wanted.items() if subject in accounts
        }
        return Outcomes(frozenset(learners), wanted)

    def send(self, method: str, address: str, **values: Any) -> Answer:
        """Pass a call on, and keep the scores."""
        if address.partition("?")[0].endswith("/scores"):
            message = json.loads(values["body"])
            self.sent.append(message)
            if (answer := self.before(message)) is not None:
                return answer
        return exchange(method, address, **values)

    def pause(self, seconds: float) -> None:
        """Let the time pass."""
        self.waits.append(seconds)
        self.moment += timedelta(seconds=max(seconds, 0))

    def begin(self, outcome: Outcome = Outcome.CERTIFIED) -> int:
        """Ask for the publication."""
        number = publish(self.session, self.peer.course_id, outcome, LABEL, self.trainer).id
        self.session.commit()
        return number

    def run(self, number: int = 0, **values: Any) -> Published:
        """Publish what is wanted now; no total is read there unless ``weigh`` says otherwise."""
        number = number or self.begin()
        values = {"pause": self.pause, "send": self.send, "weigh": nobody_reads} | values
        original = clock.now

        def now() -> datetime:
            return self.moment

        clock.now = now  # the clock of what runs inside moves with the pauses
        try:
            return Publication(self.peer.sessions, number, **values).run()
        finally:
            clock.now = original
            self.session.expire_all()

    def column(self) -> GradeItem:
        """Our column in Moodle."""
        [item] = [one for one in self.peer.site.world.grade_items if one.tag == "ancrage"]
        return item

    def grade(self, subject: str) -> Grade | None:
        """What Moodle holds for somebody."""
        return self.peer.site.world.grades.get((self.column().id, int(subject)))

    def value(self, subject: str) -> Decimal | None:
        """The grade that Moodle holds."""
        found = self.grade(subject)
        return None if found is None else found.value

    def score(self, subject: str) -> Score:
        """Our row about somebody."""
        return self.session.scalars(
            select(Score).join(Account).where(Account.subject == subject)
        ).one()


@pytest.fixture
def desk(peer: Peer, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The gradebook of course 2, with nothing published."""
    made = Desk(peer, session)
    monkeypatch.setattr(sources, "_sources", [made.outcomes])
    yield made
    session.rollback()


@pytest.fixture
def two(peer: Peer) -> tuple[str, str]:
    """Two learners of the course."""
    world = peer.site.world
    found = [
        str(one.person)
        for one in world.enrolments_in(COURSE)
        if one.role.gradable and one.is_active(peer.site.now)
    ]
    return found[0], found[1]
