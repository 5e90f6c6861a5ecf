"""A course that counts for RMP-ADL 4, its base rule, its people and what Moodle said of them.

What a test leaves unsaid is favourable: enrolled, graded 75 of 100, course completed, one action
accepted by an independent trainer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.certification.models import Evidence, EvidenceState, PublishedRule
from lti_tool.certification.rules.criteria import Criterion, Kind
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.service.evaluation import evaluate_people, targets_of_course
from lti_tool.certification.service.evidence import review_evidence, submit_evidence
from lti_tool.certification.service.publishing import publish_rule
from lti_tool.grades.models import (
    CompletionSnapshot,
    CurrentGrade,
    Enrolment,
    EnrolmentState,
    GradeItem,
    GradeSnapshot,
    Pull,
    Unreadable,
)
from lti_tool.people.models import Account, CourseRole, Person, Purpose
from lti_tool.people.service import record_choices
from lti_tool.platforms.models import Course, Site
from lti_tool.referential.models import Domain
from tests.factories import make_course, make_domain, make_person, make_site, map_course
from tests.integration.certification.given import READ, an_action, rule_text, the


@dataclass(slots=True)
class World:
    """What every test of the certification begins with."""

    session: Session
    site: Site
    course: Course
    domain: Domain
    rule: PublishedRule
    trainer: Person
    learner: Person

    @classmethod
    def make(cls, session: Session, rule_changes: dict[str, str] | None = None) -> World:
        """Make a course that counts for RMP-ADL 4, its rule, a trainer and a learner; commit."""
        site = make_site(session, check_findings=[])
        course = make_course(session, site, idnumber="RMP4-SOCLE", fullname="Socle fictif")
        domain = make_domain(session, 4)
        map_course(session, course, domain)
        rule = publish_rule(session, domain, rule_text(rule_changes), None)
        world = cls(
            session=session,
            site=site,
            course=course,
            domain=domain,
            rule=rule,
            trainer=make_person(session, "Tiana Formatrice", site),
            learner=make_person(session, "Awa Fictive", site),
        )
        world.enrol(world.learner)
        session.commit()
        return world

    def new_learner(self, name: str = "Moussa Fictif") -> Person:
        """Another learner of the course, of whom Moodle said nothing yet."""
        person = make_person(self.session, name, self.site)
        self.enrol(person)
        self.session.commit()
        return person

    def enrol(
        self,
        person: Person,
        course: Course | None = None,
        state: EnrolmentState = EnrolmentState.ACTIVE,
    ) -> None:
        """Enrol a person as a learner of the course."""
        self.session.add(
            Enrolment(
                course_id=(course or self.course).id,
                account_id=self.account(person).id,
                role=CourseRole.LEARNER,
                state=state,
                seen_at=READ,
            )
        )
        self.session.flush()

    def account(self, person: Person) -> Account:
        """The account of a person on the site."""
        return self.session.scalars(
            select(Account).where(Account.person_id == person.id, Account.site_id == self.site.id)
        ).one()

    def pull(
        self, course: Course | None = None, error_code: str | None = None, **values: Any
    ) -> Pull:
        """A reading of the course, finished unless it has an error."""
        pull = Pull(
            course_id=(course or self.course).id,
            started_at=READ,
            finished_at=None if error_code else READ,
            error_code=error_code,
            **({"warnings": []} | values),
        )
        self.session.add(pull)
        self.session.commit()
        return pull

    def grade(
        self,
        person: Person,
        final: str | None,
        *,
        course: Course | None = None,
        item_type: str = "course",
        idnumber: str = "",
        **flags: Any,
    ) -> GradeSnapshot:
        """What the last pull read of a grade: visible, out of 100, unless said otherwise."""
        course = course or self.course
        pull = self.pull(course)
        item = self._item(course, item_type, idnumber)
        said = {
            "grade_min": Decimal(0),
            "grade_max": Decimal(100),
            "hidden": False,
            "overridden": False,
            "locked": False,
            "excluded": False,
            "needs_update": False,
        }
        snapshot = GradeSnapshot(
            item_id=item.id,
            account_id=self.account(person).id,
            pull_id=pull.id,
            final=None if final is None else Decimal(final),
            read_at=READ,
            **(said | flags),
        )
        self.session.add(snapshot)
        self.session.flush()
        key = (snapshot.account_id, item.id)
        current = self.session.get(CurrentGrade, key) or CurrentGrade(
            account_id=key[0], item_id=key[1]
        )
        current.snapshot_id = snapshot.id
        self.session.add(current)
        self.session.commit()
        return snapshot

    def complete(
        self, person: Person, completed: bool | None = True, *, course: Course | None = None
    ) -> None:
        """What the last pull read of the completion."""
        course = course or self.course
        self.session.add(
            CompletionSnapshot(
                course_id=course.id,
                account_id=self.account(person).id,
                pull_id=self.pull(course).id,
                completed=completed,
                criteria=[],
                reason="" if completed is not None else "nocriteriaset",
                read_at=READ,
            )
        )
        self.session.commit()

    def unreadable(self, person: Person, reason: str) -> None:
        """Why the last pull could not read a person."""
        self.session.add(
            Unreadable(
                course_id=self.course.id,
                account_id=self.account(person).id,
                reason=reason,
                since=READ,
            )
        )
        self.session.commit()

    def give_action(self, person: Person, **said: Any) -> Evidence:
        """A real action, submitted."""
        return submit_evidence(
            self.session,
            author_id=person.id,
            course_id=self.course.id,
            domain_id=self.domain.id,
            form=an_action(**said),
        )

    def accept(self, evidence: Evidence, reviewer: Person | None = None) -> None:
        """Accept an evidence as a trainer."""
        review_evidence(
            self.session,
            evidence,
            reviewer_id=(reviewer or self.trainer).id,
            reviewer_role="trainer",
            state=EvidenceState.ACCEPTED,
        )

    def satisfy(self, person: Person, final: str = "75", **flags: Any) -> None:
        """Everything that the rule asks; the acceptance of the action, last, makes the proposal."""
        self.grade(person, final, **flags)
        self.complete(person)
        self.accept(self.give_action(person))

    def decide(self, person: Person) -> Decision:
        """Today's decision about a person, on what is stored."""
        (target,) = targets_of_course(self.session, self.course.id)
        return evaluate_people(self.session, target, [person.id])[person.id]

    def grade_criterion(self, person: Person) -> Criterion:
        """The criterion of the grade in today's decision."""
        return the(Kind.GRADE, self.decide(person))

    def answer_notice(self, person: Person) -> None:
        """Refuse every optional purpose, as anyone may."""
        record_choices(self.session, person_id=person.id, given=dict.fromkeys(Purpose, False))

    def _item(self, course: Course, item_type: str, idnumber: str) -> GradeItem:
        found = self.session.scalar(
            select(GradeItem).where(
                GradeItem.course_id == course.id,
                GradeItem.item_type == item_type,
                GradeItem.idnumber == idnumber,
            )
        )
        if found is None:
            number = len(self.session.scalars(select(GradeItem)).all()) + 1
            found = GradeItem(
                course_id=course.id,
                moodle_id=number,
                item_type=item_type,
                idnumber=idnumber,
                seen_at=READ,
            )
            self.session.add(found)
            self.session.flush()
        return found
