"""After each fault nothing is lost, nothing invented; people are told; the next reading mends it."""

from __future__ import annotations

import pytest

from lti_tool.grades.service import last_pull, latest_failure
from lti_tool.jobs.models import JobState
from tests.integration.grades.faults.installation import RETRIED, Installation
from tests.integration.grades.faults.table import Fault


def test_every_fault_loses_nothing_is_told_and_is_mended(
    installation: Installation, faults: tuple[Fault, ...], subtests: pytest.Subtests
) -> None:
    """One installation goes through them all, as a real one does in its life."""
    for number, fault in enumerate(faults):
        with subtests.test(fault.name):
            _goes_through(installation, fault, value=str(40 + number))


def _goes_through(installation: Installation, fault: Fault, value: str) -> None:
    before, good = installation.known(), last_pull(installation.session, installation.course.id)
    installation.session.commit()
    installation.grade(installation.learners()[0], value)
    fault.commit(installation.proxy)
    job = installation.sync(fault.patience)
    try:
        _nothing_lost_nor_invented(installation, before)
        assert job.error_code == fault.code
        assert job.state == (JobState.QUEUED if fault.retried else JobState.FAILED)
        failure = latest_failure(installation.session, installation.course.id)
        assert failure is not None
        assert failure.error_code == fault.code
        assert last_pull(installation.session, installation.course.id).id == good.id
        installation.session.commit()
        _people_are_told(installation, fault)
    finally:
        # Mended even if the test fails: the next fault meets a sound installation.
        installation.proxy.mend()
        waits = job.state == JobState.QUEUED
        job = installation.run(job, RETRIED) if waits else installation.sync()
    assert job.state == JobState.DONE
    assert installation.known().current == installation.told()
    assert latest_failure(installation.session, installation.course.id) is None
    installation.session.commit()
    assert installation.marks() == 0


def _nothing_lost_nor_invented(installation: Installation, before: object) -> None:
    now = installation.known()
    assert before.snapshots <= now.snapshots
    assert before.completions <= now.completions
    assert now.enrolments == before.enrolments
    assert now.unreadable == before.unreadable
    true = before.current | installation.told()
    assert now.current <= true
    assert {row[:2] for row in now.current} == {row[:2] for row in before.current}


def _people_are_told(installation: Installation, fault: Fault) -> None:
    trainer = installation.trainer_page()
    assert "La dernière lecture n’a pas abouti" in trainer
    for part in (fault.words, fault.who, fault.code, "Notes lues"):
        assert part in trainer
    coordination = installation.coordination_page()
    for part in ("Notes non lues : Cours fictif", fault.words, fault.who, fault.code):
        assert part in coordination
    learner = installation.learner_page()
    assert "Notes lues" in learner
    assert "Lu :" in learner
    kept = "la dernière valeur lue est conservée" in learner
    assert kept or "L’outil n’a pas tous les droits nécessaires" in learner
    assert fault.code not in learner
