"""Every answer about the seeded demo fits the shape of the recorded answers of the same function."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from lti_tool.demo.moodle import DemoMoodle, create_moodle_app
from lti_tool.demo.moodle.seed.standings import CASES, learner_id
from tests.contract.demo.recorded_site import KEY
from tests.contract.demo.recordings import names, recording
from tests.contract.demo.shapes import Shape

OTHER_RIGHTS = ("with-course-update", "own-as-learner", "rank-letter", "no-percentage")
"""Recordings made with other rights or settings than the service account of the demo."""


@pytest.fixture(scope="module")
def site() -> DemoMoodle:
    """The demo as it is seeded."""
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    return DemoMoodle(base_url="http://m", tool_url="http://t", key=KEY, clock=lambda: now)


@pytest.fixture(scope="module")
def client(site: DemoMoodle) -> FlaskClient:
    """Something that speaks HTTP to it."""
    return create_moodle_app(site).test_client()


def _shape(function: str) -> Shape:
    shape = Shape()
    for name in names("ws", ""):
        exchange = recording("ws", name)
        if exchange["request"].get("function") == function and "body" in exchange["response"]:
            body = exchange["response"]["body"]
            refused = isinstance(body, dict) and "exception" in body
            if not refused and not any(part in name for part in OTHER_RIGHTS):
                shape.learn(body)
    return shape


def _calls(site: DemoMoodle) -> Iterator[tuple[str, dict[str, Any]]]:
    courses = [course.id for course in site.world.courses_of_site() if course.id != 1]
    cases = {learner_id(number) for number in CASES}
    learners = sorted(cases | set(range(learner_id(1), learner_id(60), 4)))
    yield "core_webservice_get_site_info", {}
    yield "core_course_get_courses", {}
    yield "core_course_get_courses_by_field", {}
    yield "core_course_get_categories", {}
    yield "core_cohort_get_cohorts", {}
    yield "core_cohort_get_cohort_members", {f"cohortids[{n}]": n + 1 for n in range(4)}
    yield "core_cohort_search_cohorts", {"query": "", "context[contextid]": 1, "includes": "all"}
    yield (
        "core_user_get_users_by_field",
        {
            "field": "id",
            **{f"values[{number}]": number for number in site.world.people},
        },
    )
    yield "core_reportbuilder_list_reports", {}
    yield "core_reportbuilder_retrieve_report", {"reportid": 1, "page": 0, "perpage": 500}
    for course in courses:
        yield "core_enrol_get_enrolled_users", {"courseid": course}
        yield "gradereport_user_get_grade_items", {"courseid": course}
        yield "core_group_get_course_groups", {"courseid": course}
        yield "core_grades_get_grade_tree", {"courseid": course}
        yield "core_competency_list_course_competencies", {"id": course}
    for group in site.world.groups:
        yield "core_group_get_group_members", {"groupids[0]": group.id}
    for learner in learners:
        for course in (2, 6, 8):
            where = {"courseid": course, "userid": learner}
            yield "gradereport_user_get_grade_items", where
            for competency in site.world.competencies.of_course.get(course, ()):
                yield (
                    "tool_lp_data_for_user_competency_summary_in_course",
                    where | {"competencyid": competency},
                )
            yield "core_completion_get_activities_completion_status", where
            yield "core_completion_get_course_completion_status", where


def test_seeded_answers_fit_the_recorded_shapes(site: DemoMoodle, client: FlaskClient) -> None:
    shapes: dict[str, Shape] = {}
    misfits: set[str] = set()
    for function, parameters in _calls(site):
        shape = shapes.setdefault(function, _shape(function))
        common = {"wstoken": site.service_token, "wsfunction": function}
        form = {**common, "moodlewsrestformat": "json", **parameters}
        body = client.post("/webservice/rest/server.php", data=form).get_json()
        if isinstance(body, dict) and "exception" in body:
            assert body["errorcode"] in ("usernotenroled", "nocriteriaset"), (function, body)
            continue
        misfits |= {f"{function}{misfit}" for misfit in shape.misfits(body)}
    assert misfits == set()


def test_a_shape_notices_a_missing_a_new_and_an_ill_typed_member() -> None:
    shape = Shape()
    shape.learn([{"a": 1, "b": "x"}, {"a": None, "b": "y", "c": True}])
    assert list(shape.misfits([{"a": 2, "b": "z"}])) == []
    assert list(shape.misfits([{"a": "2", "d": 1}])) == [
        "[].b: missing",
        "[].a: text, not ['null', 'number']",
        "[].d: never recorded",
    ]
