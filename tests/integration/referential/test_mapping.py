"""Mappings are dated lines: decided once, ended once, readable at any moment, never rewritten."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import journal
from lti_tool.errors import NotFound
from lti_tool.platforms.models import Course
from lti_tool.referential.course_file import mapping_history
from lti_tool.referential.coverage import coverage
from lti_tool.referential.errors import (
    MappingEnded,
    MappingReasonNeeded,
    SubthemeElsewhere,
    TargetRefused,
)
from lti_tool.referential.models import CourseMapping, Domain, MappingKind
from lti_tool.referential.seeding import seed_referential
from lti_tool.referential.service import (
    current_mappings,
    end_mapping,
    find_target,
    map_course,
    mappings_of_course,
    mappings_of_domain,
)
from tests.factories import make_course, make_person, make_site

AUGUST = datetime(2026, 8, 15, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 20, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
LATER = datetime(2026, 10, 5, tzinfo=UTC)


@pytest.fixture
def course(session: Session) -> Course:
    """A course of a site, in a database that has the referential."""
    seed_referential(session)
    made = make_course(session, make_site(session))
    session.commit()
    return made


def domain(session: Session, number: int) -> Domain:
    """A domain of the referential."""
    found = session.scalar(select(Domain).where(Domain.number == number))
    assert found is not None
    return found


def test_the_referential_is_seeded_once(session: Session) -> None:
    assert (seed_referential(session), seed_referential(session)) == (15, 0)
    third = domain(session, 3)
    assert [one.code for one in third.subthemes] == ["sante", "droits_humains", "genre", "jeunes"]


def test_seeding_again_keeps_a_corrected_label_and_adds_a_missing_subtheme(
    session: Session,
) -> None:
    seed_referential(session)
    third = domain(session, 3)
    third.label_fr = "Libellé corrigé par la coordination"
    session.delete(third.subthemes[1])
    session.commit()
    session.expire_all()
    assert seed_referential(session) == 0
    session.expire_all()
    third = domain(session, 3)
    assert third.label_fr == "Libellé corrigé par la coordination"
    assert {one.code for one in third.subthemes} == {"sante", "droits_humains", "genre", "jeunes"}


def test_a_course_remapped_in_october_still_counted_for_its_old_domain_in_september(
    session: Session, course: Course
) -> None:
    person = make_person(session)
    with time_machine.travel(AUGUST, tick=False):
        line = map_course(session, actor_id=person.id, course=course, domain=domain(session, 5))
    with time_machine.travel(OCTOBER, tick=False):
        end_mapping(session, actor_id=person.id, mapping_id=line.id, reason="contenu refait")
        map_course(session, actor_id=person.id, course=course, domain=domain(session, 8))

    def counted(at: datetime) -> list[int]:
        return [line.domain.number for line in mappings_of_course(session, course.id, at)]

    assert counted(AUGUST) == counted(SEPTEMBER) == [5]
    assert counted(OCTOBER) == counted(LATER) == [8]
    assert counted(datetime(2026, 8, 14, tzinfo=UTC)) == []
    fifth = domain(session, 5)
    assert len(mappings_of_domain(session, fifth.id, SEPTEMBER)) == 1
    assert mappings_of_domain(session, fifth.id, OCTOBER) == []
    assert [line.domain.number for line in current_mappings(session, LATER)] == [8]


def test_the_history_says_who_began_and_ended_each_line_and_why(
    session: Session, course: Course
) -> None:
    person = make_person(session)
    line = map_course(
        session, actor_id=person.id, course=course, domain=domain(session, 5), reason="évident"
    )
    end_mapping(session, actor_id=person.id, mapping_id=line.id, reason="  contenu refait ")
    (kept,) = mapping_history(session, course.id)
    assert (kept.decided_by, kept.reason) == (person.id, "évident")
    assert (kept.ended_by, kept.end_reason) == (person.id, "contenu refait")
    actions = [one.action for one in journal.entries_about(session, "course_mapping", line.id)]
    assert actions == ["mapping.begun", "mapping.ended"]


def test_the_same_mapping_asked_twice_is_one_line(session: Session, course: Course) -> None:
    first = map_course(session, actor_id=None, course=course, domain=domain(session, 4))
    again = map_course(session, actor_id=None, course=course, domain=domain(session, 4))
    assert first.id == again.id
    assert len(mapping_history(session, course.id)) == 1
    assert len(journal.entries_about(session, "course_mapping", first.id)) == 1


def test_another_kind_ends_the_line_and_begins_one_at_the_same_moment(
    session: Session, course: Course
) -> None:
    with time_machine.travel(AUGUST, tick=False):
        map_course(session, actor_id=None, course=course, domain=domain(session, 4))
    with time_machine.travel(OCTOBER, tick=False):
        map_course(
            session,
            actor_id=None,
            course=course,
            domain=domain(session, 4),
            kind=MappingKind.CHOICE,
        )
    new, old = mapping_history(session, course.id)
    assert (old.kind, old.valid_to) == (MappingKind.REQUIRED, OCTOBER)
    assert (new.kind, new.valid_from, new.valid_to) == (MappingKind.CHOICE, OCTOBER, None)
    for at in (SEPTEMBER, OCTOBER):
        assert len(mappings_of_course(session, course.id, at)) == 1


def test_a_course_may_count_for_two_subthemes_and_another_domain(
    session: Session, course: Course
) -> None:
    third = domain(session, 3)
    for subtheme in third.subthemes[:2]:
        map_course(session, actor_id=None, course=course, domain=third, subtheme=subtheme)
    map_course(session, actor_id=None, course=course, domain=domain(session, 8))
    lines = mappings_of_course(session, course.id, datetime.now(UTC))
    assert [(one.domain.number, one.subtheme and one.subtheme.code) for one in lines] == [
        (3, "sante"),
        (3, "droits_humains"),
        (8, None),
    ]


def test_a_subtheme_of_another_domain_is_refused(session: Session, course: Course) -> None:
    with pytest.raises(SubthemeElsewhere):
        map_course(
            session,
            actor_id=None,
            course=course,
            domain=domain(session, 4),
            subtheme=domain(session, 3).subthemes[0],
        )
    assert mapping_history(session, course.id) == []


def test_a_line_ends_once_and_with_a_reason(session: Session, course: Course) -> None:
    line = map_course(session, actor_id=None, course=course, domain=domain(session, 4))
    with pytest.raises(MappingReasonNeeded):
        end_mapping(session, actor_id=None, mapping_id=line.id, reason=" ")
    with pytest.raises(NotFound):
        end_mapping(session, actor_id=None, mapping_id=line.id, reason="x", course_id=course.id + 1)
    with pytest.raises(NotFound):
        end_mapping(session, actor_id=None, mapping_id=line.id + 1, reason="x")
    with time_machine.travel(OCTOBER, tick=False):
        end_mapping(session, actor_id=None, mapping_id=line.id, reason="première fois")
    with pytest.raises(MappingEnded):
        end_mapping(session, actor_id=None, mapping_id=line.id, reason="seconde fois")
    session.rollback()
    session.expire_all()
    (kept,) = mapping_history(session, course.id)
    assert kept.end_reason == "première fois"


def test_a_course_mapped_again_after_an_end_has_two_lines(session: Session, course: Course) -> None:
    line = map_course(session, actor_id=None, course=course, domain=domain(session, 4))
    end_mapping(session, actor_id=None, mapping_id=line.id, reason="erreur")
    again = map_course(session, actor_id=None, course=course, domain=domain(session, 4))
    assert [one.id for one in mapping_history(session, course.id)] == [again.id, line.id]


def test_two_coordinators_who_map_at_once_make_one_line(
    session: Session, sessions: sessionmaker[Session], course: Course
) -> None:
    fourth, together = domain(session, 4), Barrier(4)
    session.commit()
    made: list[int] = []

    def map_it() -> None:
        with sessions() as own:
            together.wait()
            made.append(map_course(own, actor_id=None, course=course, domain=fourth).id)

    threads = [Thread(target=map_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = list(session.scalars(select(CourseMapping)))
    assert len(made) == 4
    assert set(made) == {one.id for one in lines}
    assert len(lines) == 1


@pytest.mark.parametrize("code", ["", "RMP-ADL-16", "RMP-ADL-3:inconnu", "RMP-ADL-4:sante", "4"])
def test_a_form_that_names_no_domain_is_refused(
    session: Session, course: Course, code: str
) -> None:
    with pytest.raises(TargetRefused):
        find_target(session, code)


def test_a_form_names_a_domain_or_a_subtheme(session: Session, course: Course) -> None:
    assert find_target(session, "RMP-ADL-4") == (domain(session, 4), None)
    third, subtheme = find_target(session, "RMP-ADL-3:genre")
    assert subtheme is not None
    assert (third.number, subtheme.code) == (3, "genre")


def test_the_grid_shows_domains_without_course_and_courses_without_domain(
    session: Session, course: Course
) -> None:
    other = make_course(session, course.site, fullname="Cours sans domaine")
    gone = make_course(session, course.site, gone_at=AUGUST)
    gone_but_mapped = make_course(session, course.site, gone_at=AUGUST)
    map_course(session, actor_id=None, course=course, domain=domain(session, 4))
    map_course(session, actor_id=None, course=gone_but_mapped, domain=domain(session, 7))
    grid = coverage(session, datetime.now(UTC))
    assert {one.number for one in grid.uncovered} == set(range(1, 16)) - {4, 7}
    assert grid.unmapped == (other,)
    assert gone not in grid.courses
    assert gone_but_mapped in grid.courses
    assert [line.course_id for line in grid.lines_of(domain(session, 4))] == [course.id]
    assert grid.course_count(domain(session, 4)) == 1
