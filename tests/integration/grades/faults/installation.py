"""The installation of the faults: one course, its people, what is known of them, what they see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.certification.service.publishing import publish_base_rule
from lti_tool.demo.moodle import DemoMoodle
from lti_tool.grades.models import (
    CompletionSnapshot,
    CurrentGrade,
    DueReading,
    Enrolment,
    GradeItem,
    GradeSnapshot,
    Pull,
    Unreadable,
)
from lti_tool.grades.service import ask_for_pull
from lti_tool.jobs import Job
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.people.models import Account, CourseRole, Person, Purpose, Role
from lti_tool.people.service import record_choices
from lti_tool.platforms.models import Course, Site
from lti_tool.platforms.service.identity import IDENTIFIED_FOR
from lti_tool.referential.models import Domain
from lti_tool.settings import Settings
from moodle_client import MoodleClient
from tests.factories import (
    make_course,
    make_domain,
    make_grant,
    make_person,
    make_site,
    map_course,
    sign_in,
)
from tests.integration.grades.faults.proxy import Proxy
from tests.reading import words_of

COURSE = 3
"""A course of the demonstration with three learners."""
SOME_TIME = IDENTIFIED_FOR + timedelta(minutes=1)
"""By then, a site is identified again."""
RETRIED = timedelta(minutes=30)
"""By then, whatever is tried again was due."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known of the course, as rows that compare."""

    snapshots: frozenset[tuple[object, ...]]
    completions: frozenset[tuple[object, ...]]
    current: frozenset[tuple[int, int, Decimal | None]]
    """Account, grade item, value."""
    enrolments: frozenset[tuple[int, str, str]]
    unreadable: frozenset[tuple[int, str]]


@dataclass(slots=True)
class Installation:
    """One installation."""

    browser: FlaskClient
    session: Session
    sessions: sessionmaker[Session]
    settings: Settings
    moodle: DemoMoodle
    proxy: Proxy
    site: Site
    course: Course
    number: int
    """Of the course in Moodle."""
    domain: Domain
    trainer: Person
    coordinator: Person
    moment: datetime
    """The present one: it moves with the readings."""

    @classmethod
    def make(
        cls,
        browser: FlaskClient,
        session: Session,
        sessions: sessionmaker[Session],
        settings: Settings,
        moodle: DemoMoodle,
        proxy: Proxy,
    ) -> Installation:
        """Register the site and its course, which counts for a domain; nothing is read yet."""
        for number in range(1, 16):
            make_domain(session, number)
        site = make_site(session, proxy.url, token=moodle.service_token, check_findings=[])
        there = moodle.world.courses[COURSE]
        course = make_course(
            session,
            site,
            COURSE,
            idnumber=there.idnumber,
            shortname=there.shortname,
            fullname="Cours fictif",
        )
        domain = make_domain(session, 2)
        map_course(session, course, domain)
        trainer = make_person(session, "Tiana Formatrice", site)
        coordinator = make_person(session, "Coordination Fictive", site)
        make_grant(session, coordinator, Role.COORDINATOR)
        session.commit()
        publish_base_rule(session)
        return cls(
            browser,
            session,
            sessions,
            settings,
            moodle,
            proxy,
            site,
            course,
            COURSE,
            domain,
            trainer,
            coordinator,
            clock.now(),
        )

    def of_course(self, number: int) -> Installation:
        """Return the same installation, with another course of the site to read."""
        there = self.moodle.world.courses[number]
        course = make_course(
            self.session,
            self.site,
            number,
            idnumber=there.idnumber,
            shortname=there.shortname,
            fullname="Autre cours fictif",
        )
        self.session.commit()
        return replace(self, course=course, number=number)

    def sync(self, patience: float | None = None) -> Job:
        """Some time later, ask for a reading of the course and run whatever is due; return it.

        Args:
            patience: seconds that Moodle is waited for; None: those of the settings.
        """
        settings = self.settings
        if patience is not None:
            self.settings = settings.model_copy(update={"moodle_timeout": patience})
        try:
            return self.do(lambda: ask_for_pull(self.session, self.course, self.trainer.id))
        finally:
            self.settings = settings

    def do(self, ask: Callable[[], Job]) -> Job:
        """Some time later, ask for a job and run whatever is due; return it."""
        self.moment += SOME_TIME
        with clock.set_to(self.moment):
            job = ask()
            self.session.commit()
            return self.run(job)

    def run(self, job: Job, later: timedelta = timedelta()) -> Job:
        """Run what is due by then."""
        self.moment += later
        with clock.set_to(self.moment):
            run_due_jobs(self.sessions, self.settings)
        self.session.rollback()
        self.session.refresh(job)
        self.session.commit()
        return job

    def known(self) -> Known:
        """Return everything known of the course."""
        self.session.expire_all()
        rows = self.session.execute
        items = select(GradeItem.id).where(GradeItem.course_id == self.course.id)
        current = rows(
            select(CurrentGrade.account_id, CurrentGrade.item_id, GradeSnapshot.final)
            .join(GradeSnapshot, GradeSnapshot.id == CurrentGrade.snapshot_id)
            .where(CurrentGrade.item_id.in_(items))
        )
        known = Known(
            snapshots=frozenset(
                tuple(row)
                for row in rows(
                    select(
                        GradeSnapshot.id,
                        GradeSnapshot.account_id,
                        GradeSnapshot.item_id,
                        GradeSnapshot.final,
                        GradeSnapshot.hidden,
                        GradeSnapshot.read_at,
                    ).where(GradeSnapshot.item_id.in_(items))
                )
            ),
            completions=frozenset(
                tuple(row)
                for row in rows(
                    select(
                        CompletionSnapshot.id,
                        CompletionSnapshot.account_id,
                        CompletionSnapshot.completed,
                        CompletionSnapshot.reason,
                    ).where(CompletionSnapshot.course_id == self.course.id)
                )
            ),
            current=frozenset(tuple(row) for row in current),
            enrolments=frozenset(
                tuple(row)
                for row in rows(
                    select(Enrolment.account_id, Enrolment.role, Enrolment.state).where(
                        Enrolment.course_id == self.course.id
                    )
                )
            ),
            unreadable=frozenset(
                tuple(row)
                for row in rows(
                    select(Unreadable.account_id, Unreadable.reason).where(
                        Unreadable.course_id == self.course.id
                    )
                )
            ),
        )
        self.session.commit()
        return known

    def told(self) -> frozenset[tuple[int, int, Decimal | None]]:
        """Return what Moodle itself says now of each grade that is known here, asked directly."""
        with MoodleClient(self.proxy.behind, self.moodle.service_token) as direct:
            values = {
                (str(grades.user_id), item.id): item.final
                for grades in direct.get_grade_items(self.number)
                for item in grades.items
            }
        rows = self.session.execute(
            select(
                CurrentGrade.account_id, CurrentGrade.item_id, Account.subject, GradeItem.moodle_id
            )
            .join(Account, Account.id == CurrentGrade.account_id)
            .join(GradeItem, GradeItem.id == CurrentGrade.item_id)
            .where(GradeItem.course_id == self.course.id)
        ).all()
        self.session.commit()
        return frozenset(
            (account_id, item_id, values[subject, number])
            for account_id, item_id, subject, number in rows
            if (subject, number) in values
        )

    def grade(self, learner: int, value: str) -> None:
        """Have a trainer type a grade in the gradebook of Moodle."""
        with self.moodle.lock:
            item = next(
                one
                for one in self.moodle.world.grade_items
                if one.course == self.number and one.kind == "mod"
            )
            self.moodle.changes.make(
                self.moodle.world,
                "set_grade",
                item=item.id,
                person=learner,
                value=value,
                moment=self.moodle.now,
            )

    def grade_everything(self, learner: int, share: int) -> None:
        """Have a trainer give that many hundredths of the marks of every visible item."""
        with self.moodle.lock:
            for item in self.moodle.world.grade_items:
                if item.course == self.number and not item.is_total and not item.hidden:
                    self.moodle.changes.make(
                        self.moodle.world,
                        "set_grade",
                        item=item.id,
                        person=learner,
                        value=str(item.grademax * share / 100),
                        moment=self.moodle.now,
                    )

    def complete(self, learner: int) -> None:
        """Have somebody complete the course, in Moodle."""
        with self.moodle.lock:
            book = self.moodle.world.completion
            book.courses[self.number, learner] = self.moodle.now
            for rank, _criterion in enumerate(book.criteria.get(self.number, ())):
                book.criteria_met[self.number, rank, learner] = self.moodle.now

    def learners(self) -> list[int]:
        """Return the learners of the course, by their numbers in Moodle."""
        return [
            one.person
            for one in self.moodle.world.enrolments_in(self.number)
            if one.role.shortname == "student"
        ]

    def pulls(self) -> list[Pull]:
        """Return every reading, oldest first."""
        found = list(self.session.scalars(select(Pull).order_by(Pull.id)))
        self.session.commit()
        return found

    def marks(self) -> int:
        """Return how many marks wait."""
        waiting = len(self.session.scalars(select(DueReading.id)).all())
        self.session.commit()
        return waiting

    def trainer_page(self) -> str:
        """Return what the trainer reads on the course's page."""
        self._enter(self.trainer, {self.course.id: CourseRole.TRAINER})
        return self._page(f"/cours/{self.course.id}/formation")

    def learner_page(self) -> str:
        """Return what one learner reads on their path."""
        subject = str(self.learners()[0])
        account = self.session.scalars(select(Account).where(Account.subject == subject)).one()
        record_choices(
            self.session, person_id=account.person_id, given=dict.fromkeys(Purpose, False)
        )
        self._enter(account.person, {self.course.id: CourseRole.LEARNER})
        return self._page(f"/cours/{self.course.id}/parcours")

    def coordination_page(self) -> str:
        """Return what the coordination reads first."""
        self._enter(self.coordinator)
        return self._page("/coordination")

    def _enter(self, person: Person, courses: dict[int, CourseRole] | None = None) -> None:
        with clock.set_to(self.moment):
            sign_in(self.browser, self.session, person, courses)

    def _page(self, address: str) -> str:
        with clock.set_to(self.moment):
            return words_of(self.browser.get(address))
