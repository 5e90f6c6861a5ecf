"""The same faults while the report of the site is watched, and while its cohorts are read."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lti_tool.demo.moodle.site import SERVICE_ACCOUNT
from lti_tool.grades.watching.due import ask_for_watch
from lti_tool.grades.watching.models import SiteWatch, WatchedEnrolment
from lti_tool.jobs import Job
from lti_tool.jobs.models import JobState
from lti_tool.partners.cohorts import ask_for_reading, tie_cohort
from lti_tool.partners.models import Affiliation, AffiliationProposal, CohortLink
from tests.factories import make_partner
from tests.integration.grades.faults.installation import RETRIED, Installation
from tests.integration.grades.faults.table import Fault


def watch(installation: Installation) -> Job:
    """Some time later, watch the site and run what follows."""
    return installation.do(lambda: ask_for_watch(installation.session, installation.site.id))


def watched(installation: Installation) -> frozenset[tuple[int, ...]]:
    """What each enrolment looked like."""
    rows = installation.session.execute(
        select(
            WatchedEnrolment.course,
            WatchedEnrolment.subject,
            WatchedEnrolment.grade,
            WatchedEnrolment.completion,
            WatchedEnrolment.membership,
        )
    ).all()
    installation.session.commit()
    return frozenset(tuple(row) for row in rows)


def state(installation: Installation) -> SiteWatch:
    """Where the watch stands."""
    installation.session.expire_all()
    found = installation.session.scalars(select(SiteWatch)).one()
    installation.session.commit()
    return found


def test_a_fault_of_the_watch_marks_nobody_and_the_next_turn_catches_up(
    installation: Installation, faults_everywhere: tuple[Fault, ...], subtests: pytest.Subtests
) -> None:
    assert watch(installation).state == JobState.DONE
    for number, fault in enumerate(faults_everywhere):
        with subtests.test(fault.name):
            _watch_fails(installation, fault, value=str(40 + number))


def _watch_fails(installation: Installation, fault: Fault, value: str) -> None:
    before, seen, read_at = installation.known(), watched(installation), state(installation).read_at
    assert seen
    installation.grade(installation.learners()[0], value)
    fault.commit(installation.proxy)
    try:
        job = watch(installation)
        assert (job.state, job.error_code) == (JobState.FAILED, fault.code)
        now = state(installation)
        assert (now.error_code, now.failures, now.read_at) == (fault.code, 1, read_at)
        assert now.next_at > installation.moment
        assert (watched(installation), installation.known()) == (seen, before)
        assert installation.marks() == 0
    finally:
        installation.proxy.mend()
        watch(installation)
    assert state(installation).error_code == ""
    assert installation.known().current == installation.told()


def test_a_fault_of_the_cohorts_proposes_nothing_and_ends_nothing(
    installation: Installation, faults_everywhere: tuple[Fault, ...], subtests: pytest.Subtests
) -> None:
    session = installation.session
    for cohort in installation.moodle.world.cohorts[:2]:
        tie_cohort(
            session,
            actor_id=installation.coordinator.id,
            site=installation.site,
            cohort_id=cohort.id,
            name="",
            partner=make_partner(session, f"Association Fictive {cohort.id}"),
        )
    assert cohorts(installation).state == JobState.DONE
    assert proposed(installation)
    for fault in faults_everywhere:
        with subtests.test(fault.name):
            _cohorts_fail(installation, fault)


def _cohorts_fail(installation: Installation, fault: Fault) -> None:
    before = proposed(installation)
    with installation.moodle.lock:
        installation.moodle.world.cohorts[0].members.pop()
    fault.commit(installation.proxy)
    try:
        job = cohorts(installation)
        assert job.error_code == fault.code
        assert job.state == (JobState.QUEUED if fault.retried else JobState.FAILED)
        assert proposed(installation) == before
    finally:
        installation.proxy.mend()
        if job.state == JobState.QUEUED:
            job = installation.run(job, RETRIED)
        else:
            job = cohorts(installation)
    assert job.state == JobState.DONE
    assert proposed(installation) != before


def cohorts(installation: Installation) -> Job:
    """Some time later, read the cohorts of the site."""
    return installation.do(
        lambda: ask_for_reading(installation.session, site_id=installation.site.id, asked_by=None)
    )


def proposed(installation: Installation) -> tuple[frozenset[object], ...]:
    """What is proposed, what is in force, which cohorts are there."""
    rows = installation.session.execute
    found = (
        frozenset(
            tuple(row)
            for row in rows(
                select(
                    AffiliationProposal.person_id,
                    AffiliationProposal.partner_id,
                    AffiliationProposal.kind,
                    AffiliationProposal.dismissed_at,
                )
            )
        ),
        frozenset(tuple(row) for row in rows(select(Affiliation.id, Affiliation.until))),
        frozenset(tuple(row) for row in rows(select(CohortLink.id, CohortLink.gone_at))),
    )
    installation.session.commit()
    return found


def test_a_token_that_expires_is_said_once_as_refused_then_as_deleted(
    installation: Installation,
) -> None:
    """Moodle deletes an expired token when it is first used."""
    watch(installation)
    expire(installation)
    # Refused for the report, whatever else is tried says that the token is there no more.
    for _turn in range(2):
        assert watch(installation).error_code == "MOODLE-INVALID-TOKEN"
        assert state(installation).error_code == "MOODLE-INVALID-TOKEN"
    renew(installation)
    expire(installation)
    before = installation.known()
    assert installation.sync().error_code == "MOODLE-ACCESS-DENIED"
    assert installation.sync().error_code == "MOODLE-INVALID-TOKEN"
    assert installation.known() == before
    assert "doit enregistrer un nouveau jeton" in installation.trainer_page()
    renew(installation)
    assert installation.sync().state == JobState.DONE
    assert watch(installation).state == JobState.DONE


def expire(installation: Installation) -> None:
    """Have the time of the token be over, in Moodle."""
    moodle = installation.moodle
    moodle.tokens[moodle.service_token].expires = moodle.now - 1


def renew(installation: Installation) -> None:
    """Give the account a token again; here, the same."""
    installation.moodle.issue_token(SERVICE_ACCOUNT, installation.moodle.service_token)
