"""Cohorts of the site and their members (numbers of accounts alone). Names are not escaped."""

from __future__ import annotations

import re
from typing import Any

from lti_tool.demo.moodle.courses import Cohort
from lti_tool.demo.moodle.webservice.errors import missing_record, no_permission
from lti_tool.demo.moodle.webservice.functions import Call, function
from lti_tool.demo.moodle.webservice.parameters import Int, Many, Struct, Text

SYSTEM_CONTEXT = 1


@function("core_cohort_get_cohorts", cohortids=Many(Int(), default=[]))
def get_cohorts(call: Call, cohortids: list[int]) -> list[dict[str, Any]]:
    """List cohorts, all or some, by number."""
    _require_view(call)
    found = _some(call, cohortids) if cohortids else call.world.cohorts
    return [_described(cohort) for cohort in found]


@function("core_cohort_get_cohort_members", cohortids=Many(Int()))
def get_cohort_members(call: Call, cohortids: list[int]) -> list[dict[str, Any]]:
    """List members of cohorts; one unknown number makes the whole call fail."""
    found = _some(call, cohortids)
    _require_view(call)
    return [{"cohortid": cohort.id, "userids": list(cohort.members)} for cohort in found]


@function(
    "core_cohort_search_cohorts",
    query=Text(),
    context=Struct(
        {
            "contextid": Int(default=SYSTEM_CONTEXT),
            "contextlevel": Text(default=""),
            "instanceid": Int(default=0),
        }
    ),
    includes=Text(default="parents"),
    limitfrom=Int(default=0),
    limitnum=Int(default=25),
)
def search_cohorts(
    call: Call,
    query: str,
    context: dict[str, Any],
    includes: str,
    limitfrom: int,
    limitnum: int,
) -> dict[str, Any]:
    """Find cohorts by name, idnumber or description; ``includes=self`` keeps to one context."""
    _require_view(call)
    sought = query.casefold()
    found = [
        cohort
        for cohort in sorted(call.world.cohorts, key=_by_name)
        if any(sought in text.casefold() for text in (cohort.name, cohort.idnumber))
        and (includes == "all" or cohort.contextid == context["contextid"])
    ]
    page = found[limitfrom : limitfrom + limitnum] if limitnum else found[limitfrom:]
    return {"cohorts": [_described(cohort) for cohort in page]}


def _some(call: Call, numbers: list[int]) -> list[Cohort]:
    known = {cohort.id: cohort for cohort in call.world.cohorts}
    if any(number not in known for number in numbers):
        raise missing_record("cohort")
    return [known[number] for number in numbers]


def _by_name(cohort: Cohort) -> str:
    """Order of a database collation: case and punctuation do not count."""
    return re.sub(r"[^\w ]", "", cohort.name.casefold())


def _require_view(call: Call) -> None:
    if not call.may("moodle/cohort:view"):
        raise no_permission("View site-wide cohorts")


def _described(cohort: Cohort) -> dict[str, Any]:
    return {
        "id": cohort.id,
        "name": cohort.name,
        "idnumber": cohort.idnumber,
        "description": cohort.description,
        "descriptionformat": cohort.descriptionformat,
        "visible": cohort.visible,
        "theme": "",
        "customfields": [],
    }
