"""Suggestions wait for a person: confirmed ones become lines with their reason, decided ones rest."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.platforms.models import Course
from lti_tool.referential.errors import SuggestionGone
from lti_tool.referential.models import CourseMapping, MappingKind
from lti_tool.referential.proposing import confirm_proposals, open_proposals
from lti_tool.referential.seeding import seed_referential
from lti_tool.referential.service import end_mapping
from lti_tool.referential.suggestions import Suggestion
from tests.factories import MOMENT, make_course, make_person, make_site


def best_match(suggestion: Suggestion) -> str:
    """The reason that the test keeps: what matched best."""
    return suggestion.reasons[0].matched


@pytest.fixture
def courses(session: Session) -> list[Course]:
    """Two courses with a code, one without anything, one that Moodle no longer lists."""
    seed_referential(session)
    site = make_site(session)
    made = [
        make_course(session, site, idnumber="RMP-ADL-04", fullname="Données"),
        make_course(session, site, idnumber="RMP-ADL-03A", fullname="Santé"),
        make_course(session, site, idnumber="", shortname="X", fullname="Accueil"),
        make_course(session, site, idnumber="RMP-ADL-05", gone_at=MOMENT),
    ]
    session.commit()
    return made


def test_courses_that_moodle_lists_are_proposed_and_nothing_is_mapped(
    session: Session, courses: list[Course]
) -> None:
    proposals = open_proposals(session)
    assert [(one.course.id, one.key) for one in proposals] == [
        (courses[1].id, f"{courses[1].id}:RMP-ADL-3:sante"),
        (courses[0].id, f"{courses[0].id}:RMP-ADL-4:"),
    ]
    assert session.scalar(select(func.count()).select_from(CourseMapping)) == 0


def test_confirmed_suggestions_become_lines_with_their_reason(
    session: Session, courses: list[Course]
) -> None:
    person = make_person(session)
    keys = [one.key for one in open_proposals(session)]
    lines = confirm_proposals(
        session, actor_id=person.id, keys=[*keys, keys[0]], word=best_match, kind=MappingKind.CHOICE
    )
    assert [(one.course_id, one.reason, one.kind, one.decided_by) for one in lines] == [
        (courses[1].id, "RMP-ADL-03A", MappingKind.CHOICE, person.id),
        (courses[0].id, "RMP-ADL-04", MappingKind.CHOICE, person.id),
    ]
    assert open_proposals(session) == []


def test_one_suggestion_that_is_gone_leaves_the_others_unmapped(
    session: Session, courses: list[Course]
) -> None:
    key = open_proposals(session)[0].key
    for wrong in (f"{courses[2].id}:RMP-ADL-1:", "x", f"{courses[3].id}:RMP-ADL-5:"):
        with pytest.raises(SuggestionGone):
            confirm_proposals(session, actor_id=None, keys=[key, wrong], word=best_match)
        session.rollback()
    assert session.scalar(select(func.count()).select_from(CourseMapping)) == 0


def test_what_a_person_took_away_is_not_suggested_again(
    session: Session, courses: list[Course]
) -> None:
    keys = [one.key for one in open_proposals(session)]
    line, _ = confirm_proposals(session, actor_id=None, keys=keys, word=best_match)
    end_mapping(session, actor_id=None, mapping_id=line.id, reason="ce n’est pas ce domaine")
    assert open_proposals(session) == []


def test_the_suggestions_of_one_course_are_its_own(session: Session, courses: list[Course]) -> None:
    assert [one.course.id for one in open_proposals(session, courses[0].id)] == [courses[0].id]
    assert open_proposals(session, courses[2].id) == []
