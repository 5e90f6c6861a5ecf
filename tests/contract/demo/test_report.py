"""Rows of the demo's custom report against the recorded page.

The recorded page lists people whose grades in that course no other recording tells: what an enrolment
is (course, person, method, status, cohort, role, group) must be equal, what was achieved well-formed.
"""

from __future__ import annotations

import re

from lti_tool.demo.moodle import create_moodle_app
from tests.contract.demo.recorded_site import recorded_site
from tests.contract.demo.recordings import body_of

RECORDED = body_of("core_reportbuilder_retrieve_report-first-page")
STANDING = slice(0, 8), slice(12, 17)
GRADE, COMPLETED, COMPLETED_AT, SEEN_AT = 8, 9, 10, 11
MOMENT = re.compile(r"^[A-Z][a-z]+day, \d{1,2} [A-Z][a-z]+ \d{4}, \d{1,2}:\d\d [AP]M$")


def _page() -> dict[str, object]:
    site = recorded_site()
    form = {
        "wstoken": site.service_token,
        "wsfunction": "core_reportbuilder_retrieve_report",
        "moodlewsrestformat": "json",
        "reportid": 1,
        "page": 0,
        "perpage": 100,
    }
    answer = create_moodle_app(site).test_client().post("/webservice/rest/server.php", data=form)
    return dict(answer.get_json())


def test_the_columns_of_the_report_are_the_recorded_ones() -> None:
    page = _page()
    assert page["data"]["headers"] == RECORDED["data"]["headers"]
    assert list(page) == list(RECORDED)
    assert list(page["data"]) == list(RECORDED["data"])


def test_an_enrolment_is_described_as_recorded() -> None:
    ours = {tuple(row["columns"][:2]): row["columns"] for row in _page()["data"]["rows"]}
    known = [
        row["columns"] for row in RECORDED["data"]["rows"] if tuple(row["columns"][:2]) in ours
    ]
    assert len(known) > 15
    for columns in known:
        mine = ours[tuple(columns[:2])]
        for part in STANDING:
            assert mine[part] == columns[part]


def test_what_was_achieved_is_printed_as_recorded() -> None:
    for row in [*_page()["data"]["rows"], *RECORDED["data"]["rows"]]:
        columns = row["columns"]
        assert re.fullmatch(r"|\d+\.\d\d", columns[GRADE])
        assert columns[COMPLETED] in ("Yes", "No", "")
        assert columns[COMPLETED_AT] == "" or MOMENT.match(columns[COMPLETED_AT])
        assert columns[SEEN_AT] == "Never" or MOMENT.match(columns[SEEN_AT])
