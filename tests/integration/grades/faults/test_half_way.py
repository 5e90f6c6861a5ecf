"""What happens on the site, or here, between two calls of one reading; readings that cross."""

from __future__ import annotations

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from lti_tool import clock
from lti_tool.certification.models import Award, AwardState, DriftReview, EvidenceState
from lti_tool.certification.service.awards import approve
from lti_tool.certification.service.evidence import review_evidence, submit_evidence
from lti_tool.demo.moodle.courses import Enrolment as MoodleEnrolment
from lti_tool.demo.moodle.people import STUDENT
from lti_tool.grades.due import mark_due
from lti_tool.grades.models import EnrolmentState
from lti_tool.grades.service import latest_failure, pull_course
from lti_tool.jobs.models import JobState
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.people.models import Account
from lti_tool.platforms.service import client_for
from tests.contract.moodle_client.faulty import hangs_up
from tests.integration.certification.given import an_action
from tests.integration.grades.faults.installation import COURSE, RETRIED, Installation
from tests.integration.grades.faults.proxy import Ask, alone, cut, first
from tests.integration.grades.faults.table import COMPLETION, GRADES, MEMBERS


def account_of(installation: Installation, learner: int) -> Account | None:
    """What is known of somebody of the site."""
    found = installation.session.scalar(select(Account).where(Account.subject == str(learner)))
    installation.session.commit()
    return found


def grades_of(installation: Installation, learner: int) -> set[object]:
    """The values known of one learner."""
    account = account_of(installation, learner)
    return {row[1:] for row in installation.known().current if account and row[0] == account.id}


def newcomer(installation: Installation) -> int:
    """Somebody of the site who is in another course."""
    here = {one.person for one in installation.moodle.world.enrolments_in(COURSE)}
    return next(
        one.person
        for one in installation.moodle.world.enrolments
        if one.role is STUDENT and one.person not in here
    )


def leave(installation: Installation, learner: int) -> None:
    """Take somebody out of the course, in Moodle."""
    with installation.moodle.lock:
        installation.moodle.world.enrolments = [
            one
            for one in installation.moodle.world.enrolments
            if (one.course, one.person) != (COURSE, learner)
        ]


def test_a_learner_enrolled_half_way_is_read_the_next_time(installation: Installation) -> None:
    learner = newcomer(installation)
    enrolment = MoodleEnrolment(COURSE, learner, STUDENT)
    enrol = first(lambda: installation.moodle.world.enrolments.append(enrolment))
    installation.proxy.breaks(enrol, GRADES, times=1)
    assert installation.sync().state == JobState.DONE
    assert grades_of(installation, learner) == set()
    assert installation.sync().state == JobState.DONE
    assert grades_of(installation, learner)
    assert installation.known().current == installation.told()


def test_a_learner_who_leaves_half_way_keeps_what_was_known(installation: Installation) -> None:
    learner = installation.learners()[0]
    before = grades_of(installation, learner)
    installation.proxy.breaks(first(lambda: leave(installation, learner)), GRADES, times=1)
    assert installation.sync().state == JobState.DONE
    assert grades_of(installation, learner) == before
    assert installation.sync().state == JobState.DONE
    assert grades_of(installation, learner) == before
    account = account_of(installation, learner)
    states = {row[0]: row[2] for row in installation.known().enrolments}
    assert states[account.id] == EnrolmentState.GONE
    assert latest_failure(installation.session, installation.course.id) is None


def test_a_learner_deleted_half_way_is_one_person_s_affair(installation: Installation) -> None:
    learner, other = installation.learners()[:2]
    before = grades_of(installation, learner)

    def delete() -> None:
        leave(installation, learner)
        installation.moodle.world.people[learner].deleted = True

    installation.grade(other, "33")
    installation.proxy.breaks(first(delete), COMPLETION, times=1)
    assert installation.sync().state == JobState.DONE
    assert grades_of(installation, learner) == before
    assert installation.sync().state == JobState.DONE
    assert grades_of(installation, learner) == before
    assert installation.known().current >= installation.told()


def test_a_mark_made_while_the_course_is_read_is_read_after_it(installation: Installation) -> None:
    learner = installation.learners()[0]

    def change() -> None:
        # The answer under way was computed before; the mark says that it is old.
        with installation.sessions.begin() as session:
            mark_due(session, installation.course.id, [learner], priority=20, reason="report")

    def behave(connection: socket.socket, ask: Ask) -> None:
        answer = ask()
        installation.grade(learner, "17")
        change()
        connection.sendall(answer)

    installation.proxy.breaks(behave, GRADES, times=1)
    installation.sync()
    assert installation.known().current == installation.told()
    assert installation.marks() == 0


def test_a_worker_that_slept_past_its_lease_writes_nothing_over_its_successor(
    installation: Installation,
) -> None:
    learner = installation.learners()[0]
    before = grades_of(installation, learner)

    def behave(connection: socket.socket, ask: Ask) -> None:
        answer = ask()
        installation.grade(learner, "17")
        with clock.set_to(installation.moment + timedelta(minutes=5)):
            run_due_jobs(installation.sessions, installation.settings)
        connection.sendall(answer)

    installation.proxy.breaks(behave, GRADES, times=1)
    assert installation.sync().state == JobState.DONE
    assert grades_of(installation, learner) != before
    assert installation.known().current == installation.told()
    assert installation.marks() == 0


def test_tries_end_and_the_next_reading_still_reads_what_was_marked(
    installation: Installation,
) -> None:
    installation.grade(installation.learners()[0], "19")
    installation.proxy.breaks(alone(hangs_up), MEMBERS)
    job = installation.sync()
    for _try in range(6):
        job = installation.run(job, RETRIED)
    assert (job.state, job.attempts) == (JobState.FAILED, 4)
    assert installation.marks() == 1
    installation.proxy.mend()
    assert installation.sync().state == JobState.DONE
    assert (installation.marks(), installation.known().current) == (0, installation.told())


def test_a_permanent_fault_is_not_tried_again_by_itself(installation: Installation) -> None:
    del installation.moodle.tokens[installation.moodle.service_token]
    job = installation.sync()
    asked = len(installation.proxy.calls)
    job = installation.run(job, timedelta(hours=3))
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert len(installation.proxy.calls) == asked


def test_a_whole_course_cut_in_the_middle_keeps_only_what_is_true(
    installation: Installation,
) -> None:
    """An answer long enough to be read as it comes."""
    big = installation.of_course(4)
    for share in (0.9, 0.4):
        installation.proxy.breaks(cut(share), GRADES)
        job = big.sync()
        assert job.error_code == "MOODLE-TRUNCATED"
        assert big.known().current <= big.told()
        installation.proxy.mend()
        assert big.run(job, RETRIED).state == JobState.DONE
        assert big.known().current == big.told()
    twice = Counter(row[1:5] for row in big.known().snapshots)
    assert max(twice.values()) == 1


def test_two_readings_of_one_course_at_once_write_nothing_twice(
    installation: Installation,
) -> None:
    """As when a worker that was taken for dead goes on."""
    big = installation.of_course(5)

    def read() -> None:
        with client_for(installation.site, installation.settings) as client:
            pull_course(installation.sessions, client, big.course.id)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(read) for _reader in range(2)]:
            done.result()
    known = big.known()
    for rows in (
        Counter(row[1:5] for row in known.snapshots),
        Counter(row[1:] for row in known.completions),
    ):
        assert max(rows.values()) == 1
    assert known.current == big.told()


def test_v9_a_grade_typed_in_moodle_after_a_certification_opens_the_review(
    installation: Installation,
) -> None:
    session, learner = installation.session, installation.learners()[0]
    installation.grade_everything(learner, 100)
    installation.complete(learner)
    installation.sync()
    account = account_of(installation, learner)
    domain = installation.domain
    evidence = submit_evidence(
        session,
        author_id=account.person_id,
        course_id=installation.course.id,
        domain_id=domain.id,
        form=an_action(happened_on=clock.now().date()),
    )
    review_evidence(
        session,
        evidence,
        reviewer_id=installation.trainer.id,
        reviewer_role="trainer",
        state=EvidenceState.ACCEPTED,
    )
    award = approve(session, session.scalars(select(Award)).one(), actor_id=installation.trainer.id)
    installation.proxy.breaks(alone(hangs_up))
    job = installation.sync()
    assert session.scalars(select(DriftReview)).all() == []
    session.commit()
    installation.proxy.mend()
    installation.grade_everything(learner, 10)
    installation.run(job, RETRIED)
    (review,) = session.scalars(select(DriftReview))
    session.refresh(award)
    assert (review.award_id, award.state) == (award.id, AwardState.ISSUED)
    session.commit()
    assert "Un écart attend votre examen" in installation.trainer_page()
    assert "Votre certification reste valable" in installation.learner_page()
