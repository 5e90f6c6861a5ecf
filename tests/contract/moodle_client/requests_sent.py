"""From the parameters of a recording to the method that asks for the same thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from moodle_client import MoodleClient

Params = Mapping[str, Any]
_ENTRY = re.compile(r"(.+)\[(\d+)\]\[(name|key|column|value)\]")


def _enrolled(client: MoodleClient, p: Params) -> object:
    options = {option["name"]: option["value"] for option in p.get("options", [])}
    fields = options.get("userfields")
    users = client.get_enrolled_users(
        p["courseid"],
        fields=fields.split(",") if fields else None,
        group_id=options.get("groupid"),
        only_active=bool(options.get("onlyactive")),
        only_suspended=bool(options.get("onlysuspended")),
        page_size=None,
    )
    return list(users)


def _contents(client: MoodleClient, p: Params) -> object:
    options = {option["name"]: option["value"] for option in p.get("options", [])}
    return client.get_course_contents(
        p["courseid"],
        module=options.get("modname"),
        exclude_files=bool(options.get("excludecontents")),
    )


def _events(client: MoodleClient, p: Params) -> object:
    return client.get_calendar_events(
        p["events"]["courseids"],
        start=datetime.fromtimestamp(p["options"]["timestart"], UTC),
        end=datetime.fromtimestamp(p["options"]["timeend"], UTC),
    )


def _since(p: Params) -> datetime | None:
    return datetime.fromtimestamp(p["since"], UTC) if "since" in p else None


METHODS: dict[str, Callable[[MoodleClient, Params], object]] = {
    "core_calendar_get_calendar_events": _events,
    "core_cohort_get_cohort_members": lambda c, p: c.get_cohort_members(p["cohortids"]),
    "core_cohort_get_cohorts": lambda c, p: c.get_cohorts(p.get("cohortids")),
    "core_cohort_search_cohorts": lambda c, p: list(
        c.search_cohorts(p["query"], includes=p["includes"], page_size=25)
    ),
    "core_competency_list_competencies": lambda c, p: c.list_competencies(p["filters"][0]["value"]),
    "core_competency_list_competency_frameworks": lambda c, _: c.list_competency_frameworks(),
    "core_competency_list_course_competencies": lambda c, p: c.list_course_competencies(p["id"]),
    "core_competency_list_plan_competencies": lambda c, p: c.list_plan_competencies(p["id"]),
    "core_competency_list_user_plans": lambda c, p: c.list_user_plans(p["userid"]),
    "core_competency_read_competency": lambda c, p: c.read_competency(p["id"]),
    "core_completion_get_activities_completion_status": lambda c, p: (
        c.get_activities_completion_status(p["courseid"], p["userid"])
    ),
    "core_completion_get_course_completion_status": lambda c, p: c.get_course_completion_status(
        p["courseid"], p["userid"]
    ),
    "core_course_get_categories": lambda c, p: c.get_categories(
        p["criteria"][0]["value"] if "criteria" in p else None
    ),
    "core_course_get_contents": _contents,
    "core_course_get_courses": lambda c, p: c.get_courses(p.get("options", {}).get("ids")),
    "core_course_get_courses_by_field": lambda c, p: c.get_courses_by_field(p["field"], p["value"]),
    "core_enrol_get_enrolled_users": _enrolled,
    "core_enrol_get_users_courses": lambda c, p: c.get_users_courses(p["userid"]),
    "core_grades_get_grade_tree": lambda c, p: c.get_grade_tree(p["courseid"]),
    "core_grades_get_gradeitems": lambda c, p: c.get_grade_item_names(p["courseid"]),
    "core_group_get_course_groups": lambda c, p: c.get_course_groups(p["courseid"]),
    "core_group_get_course_user_groups": lambda c, p: c.get_course_user_groups(
        p["courseid"], p["userid"]
    ),
    "core_group_get_group_members": lambda c, p: c.get_group_members(p["groupids"]),
    "core_reportbuilder_list_reports": lambda c, _: c.list_reports(),
    "core_reportbuilder_retrieve_report": lambda c, p: c.retrieve_report(
        p["reportid"], p["page"], p["perpage"]
    ),
    "core_user_get_users": lambda c, p: c.get_users({x["key"]: x["value"] for x in p["criteria"]}),
    "core_user_get_users_by_field": lambda c, p: c.get_users_by_field(
        p["field"], p["values"], include_deleted=True
    ),
    "core_webservice_get_site_info": lambda c, _: c.get_site_info(),
    "gradereport_overview_get_course_grades": lambda c, p: c.get_course_grades(p["userid"]),
    "gradereport_user_get_grade_items": lambda c, p: c.get_grade_items(
        p["courseid"], p.get("userid"), p.get("groupid")
    ),
    "gradereport_user_get_grades_table": lambda c, p: c.get_grades_table(
        p["courseid"], p["userid"]
    ),
    "mod_assign_get_assignments": lambda c, p: c.get_assignments(p["courseids"]),
    "mod_assign_get_grades": lambda c, p: c.get_assignment_grades(p["assignmentids"], _since(p)),
    "mod_assign_get_submissions": lambda c, p: c.get_submissions(p["assignmentids"], _since(p)),
    "tool_lp_data_for_course_competencies_page": lambda c, p: c.get_course_competencies_page(
        p["courseid"]
    ),
    "tool_lp_data_for_plans_page": lambda c, p: c.get_plans_page(p["userid"]),
    "tool_lp_data_for_user_competency_summary_in_course": lambda c, p: (
        c.get_user_competency_in_course(p["userid"], p["competencyid"], p["courseid"])
    ),
}
"""For each function, how a caller asks for what a recording asked."""


def meaning(form: Mapping[str, Any]) -> dict[str, str]:
    """A form without what means nothing: the order of entries such as `options[0][name]`."""
    named: dict[tuple[str, str], dict[str, str]] = {}
    said: dict[str, str] = {}
    for name, value in form.items():
        match = _ENTRY.fullmatch(name)
        if match is None:
            said[name] = str(value)
        else:
            named.setdefault((match[1], match[2]), {})[match[3]] = str(value)
    for (name, _), entry in named.items():
        value = entry.pop("value")
        said[f"{name}:{next(iter(entry.values()))}"] = value
    return said
