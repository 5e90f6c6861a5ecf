"""A demo Moodle that holds the recorded site: asked the same, it must answer the same."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

from lti_tool.demo.moodle import DemoMoodle
from lti_tool.demo.moodle.competencies import Competency, Rated
from lti_tool.demo.moodle.courses import Category, Course
from lti_tool.demo.moodle.keys import PlatformKey
from lti_tool.demo.moodle.world import World
from tests.contract.demo import recorded_gradebook, recorded_people
from tests.contract.demo.recordings import body_of, recording

BASE_URL = "http://moodle.localhost:8081"
TOOL_URL = "http://tool.localhost:8000"
CLIENT_ID = "J5bHjpWZSWDKWtq"
KEY = PlatformKey.load(None)
MOMENT = 1795298400
"""When most of the recordings were made."""


def recorded_world() -> World:
    """Return the recorded site, as far as the recordings tell it."""
    site = body_of("core_webservice_get_site_info")
    world = World(site["sitename"], "RMP")
    world.categories = [
        Category(
            record["id"],
            html.unescape(record["name"]),
            record["parent"],
            record["sortorder"],
            record["path"],
            record["description"],
        )
        for record in body_of("core_course_get_categories")
    ]
    pictures = _context_numbers()
    for record in body_of("core_course_get_courses-with-course-update"):
        world.courses[record["id"]] = Course(
            record["id"],
            html.unescape(record["fullname"]),
            html.unescape(record["shortname"]),
            record["idnumber"],
            record["categoryid"],
            record["categorysortorder"],
            record["summary"],
            record["format"],
            bool(record["visible"]),
            bool(record["showgrades"]),
            record["groupmode"],
            record["startdate"],
            record["enddate"],
            record["timecreated"],
            record["timemodified"],
            record["numsections"],
            record["newsitems"],
            bool(record["enablecompletion"]),
            pictures.get(record["id"], 0),
        )
    recorded_people.add_people(world)
    recorded_people.add_enrolments(world)
    recorded_people.add_groups(world)
    recorded_gradebook.add_gradebooks(world)
    recorded_gradebook.add_tool_activities(world)
    recorded_gradebook.add_completion(world)
    _add_competencies(world)
    return world


def _add_competencies(world: World) -> None:
    book = world.competencies
    for record in body_of("core_competency_list_competencies"):
        name = html.unescape(record["shortname"])
        book.competencies[record["id"]] = Competency(record["id"], name, record["idnumber"])
    for record in body_of("core_competency_list_course_competencies"):
        link = record["coursecompetency"]
        book.of_course.setdefault(link["courseid"], []).append(link["competencyid"])
    summary = body_of("tool_lp_data_for_user_competency_summary_in_course-rated")
    told = summary["usercompetencysummary"]["usercompetencycourse"]
    key = (told["courseid"], told["userid"], told["competencyid"])
    book.ratings[key] = Rated(told["grade"], told["usermodified"], told["timemodified"])


def _context_numbers() -> dict[int, int]:
    numbers = {}
    for suffix in ("id-ok", "ids-ok", "category-ok", "idnumber-empty", "shortname-ok"):
        for record in body_of(f"core_course_get_courses_by_field-{suffix}")["courses"]:
            numbers[record["id"]] = int(record["courseimage"].split("/")[4])
    return numbers


def recorded_site(moment: int = MOMENT, **settings: Any) -> DemoMoodle:
    """Return a demo Moodle that holds the recorded site, at ``moment`` (seconds)."""
    keyset = recording("lti", "tool-jwks")["jwks"]
    return DemoMoodle(
        base_url=BASE_URL,
        tool_url=TOOL_URL,
        client_id=CLIENT_ID,
        world=recorded_world(),
        key=KEY,
        clock=lambda: datetime.fromtimestamp(moment, UTC),
        **{"fetch_keyset": lambda _url: keyset, **settings},
    )
