"""The seed: deterministic, fictional, coherent with the awards that rest on it."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import lti_tool.demo.moodle
from lti_tool.demo.moodle.people import STUDENT
from lti_tool.demo.moodle.seed import build_world, passed_courses
from lti_tool.demo.moodle.seed.standings import CASES, learner_id, standings
from lti_tool.demo.moodle.world import World

DAY = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FICTION = (
    "fict", "fikt", "exempl", "egzanp", "imagin", "imajin", "khayal", "khayali", "mithal", "namou",
    "wahmi", "ouahmi", "خيال", "مثال", "نموذج", "وهم", "вымыш", "φανταστ",
)  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    """The world of one day."""
    return build_world(DAY)


def test_the_same_day_makes_the_same_world(world: World) -> None:
    again = build_world(DAY.replace(hour=23))
    assert again == world


def test_there_are_four_associations_sixty_learners_and_seventeen_courses(world: World) -> None:
    learners = [one for one in world.people.values() if one.username.startswith("apprenant")]
    courses = [course for course in world.courses.values() if course.id != 1]
    assert (len(world.cohorts), len(learners), len(courses)) == (5, 60, 17)
    assert [course.shortname for course in courses if not course.idnumber] == ["ADL-00 Accueil"]
    assert sum(one.username.startswith("referent") for one in world.people.values()) == 4


def test_every_name_says_that_it_is_fiction(world: World) -> None:
    for person in world.people.values():
        if not person.username.startswith("ws_"):
            plain = person.fullname.casefold().replace("-", " ")
            assert any(part in plain for part in FICTION), person.fullname
            assert person.email.endswith("@example.test")


def test_every_passed_course_is_graded_and_completed_in_the_world(world: World) -> None:
    passed = passed_courses(DAY.date())
    assert len({one.person for one in passed}) >= 30
    for one in passed:
        cells = world.gradebook(one.course).cells(one.person)
        total = next(cell for cell in cells if cell.item.kind == "course")
        assert total.value is not None
        assert total.value / total.grademax * 100 == one.percent
        assert one.percent >= 60
        done = world.completion.courses[one.course, one.person]
        assert datetime.fromtimestamp(done, UTC).date() == one.finished_on


def test_passed_courses_reach_back_past_every_anchoring_wave() -> None:
    ages = {(DAY.date() - one.finished_on).days for one in passed_courses(DAY.date())}
    for least, most in ((0, 29), (92, 180), (185, 360), (366, 800)):
        assert any(least <= age <= most for age in ages), (least, most)


@pytest.mark.parametrize("number", sorted(CASES))
def test_the_cases_of_the_first_course_stand_as_announced(world: World, number: int) -> None:
    case, percent = CASES[number]
    person = learner_id(number)
    cells = world.gradebook(2).cells(person)
    total = cells[-1]
    if case == "excluded":
        assert any(cell.status == "excluded" for cell in cells)
    elif percent is None:
        assert total.value is None
    else:
        assert total.value is not None
        assert total.value / total.grademax * 100 == percent
    assert any(bool(cell.grade and cell.grade.hidden) for cell in cells) == (case == "hidden")
    assert any(bool(cell.grade and cell.grade.overridden) for cell in cells) == ("overrid" in case)
    enrolment = world.enrolment(2, person)
    assert enrolment is not None
    assert enrolment.is_active(int(DAY.timestamp())) == (not case.startswith("enrolment"))


def test_the_boundary_stays_just_below_sixty(world: World) -> None:
    total = world.gradebook(2).cells(learner_id(36))[-1]
    assert total.value is not None
    assert total.value / total.grademax * 100 == Decimal("59.995")


def test_learners_alone_are_graded(world: World) -> None:
    for item, person in world.grades:
        column = world.item(item)
        assert column is not None
        enrolment = world.enrolment(column.course, person)
        assert enrolment is not None
        assert enrolment.role is STUDENT


def test_nobody_stands_twice_in_a_course() -> None:
    seen = [(one.learner, one.course) for one in standings()]
    assert len(seen) == len(set(seen))


def test_the_demo_imports_nothing_of_the_tool() -> None:
    root = Path(lti_tool.demo.moodle.__file__).parent
    for module in root.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                ours = name.startswith(("lti_tool", "moodle_client"))
                allowed = name.startswith("lti_tool.demo.moodle") or name == "lti_tool.paths"
                assert not ours or allowed, f"{module.name} imports {name}"


def test_a_day_without_time_is_enough_for_passed_courses() -> None:
    assert passed_courses(date(2026, 1, 1))[0].finished_on < date(2026, 1, 1)
