"""Reading in several calls: pages, long lists, lists in which one item spoils the call."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from moodle_client import (
    InvalidParameter,
    MissingCapability,
    MoodleClient,
    NotFound,
    TransportOptions,
)
from tests.contract.moodle_client.requests_sent import meaning
from tests.contract.moodle_client.site import Answer, Received, Site, load, recorded
from tests.contract.moodle_client.values import assert_says

PHP_LIMIT = 1000


def test_enrolled_people_are_read_page_after_page(site: Site, moodle: MoodleClient) -> None:
    pages = ["core_enrol_get_enrolled_users-page-1", "core_enrol_get_enrolled_users-page-2"]
    site.then(*(recorded(name) for name in pages), Answer.of([]))
    people = list(moodle.get_enrolled_users(2, page_size=5))
    written = [row for name in pages for row in load(name)["response"]["body"]]
    assert_says(people, written)
    assert len({row["id"] for row in written}) == 10
    asked = [meaning(form) for form in site.forms]
    assert asked[:2] == [meaning(load(name)["request"]["form"]) for name in pages]
    assert asked[2]["options:limitfrom"] == "10"
    assert len(asked) == 3


def test_a_short_page_is_the_last(site: Site, moodle: MoodleClient) -> None:
    site.then(recorded("core_enrol_get_enrolled_users-page-1"))
    assert len(list(moodle.get_enrolled_users(2, page_size=6))) == 5
    assert len(site.forms) == 1


def test_nobody_is_said_twice_when_people_move_between_two_pages(
    site: Site, moodle: MoodleClient
) -> None:
    site.then(Answer.of([{"id": 3}, {"id": 4}]), Answer.of([{"id": 4}, {"id": 5}]), Answer.of([]))
    assert [person.id for person in moodle.get_enrolled_users(2, page_size=2)] == [3, 4, 5]


def test_a_site_that_ignores_pages_does_not_hold_the_reader_for_ever(
    site: Site, moodle: MoodleClient
) -> None:
    site.then(*[recorded("core_enrol_get_enrolled_users-page-1")] * 4)
    assert len(list(moodle.get_enrolled_users(2, page_size=5))) == 5
    assert len(site.forms) == 2
    site.reset()
    site.then(*[recorded("core_cohort_search_cohorts")] * 4)
    site.always(Answer.of({"cohorts": []}))
    assert len(list(moodle.search_cohorts(page_size=4))) == 4
    assert len(site.forms) == 2


def test_active_and_suspended_cannot_be_asked_together(site: Site, moodle: MoodleClient) -> None:
    with pytest.raises(InvalidParameter):
        moodle.get_enrolled_users(2, only_active=True, only_suspended=True)
    assert site.forms == []


def _as_php(rows: Callable[[str], object]) -> Callable[[Received], Answer]:
    """A site that drops, without a word, the variables beyond PHP's limit."""

    def answer(request: Received) -> Answer:
        kept = list(request.form.items())[:PHP_LIMIT]
        return Answer.of([rows(value) for name, value in kept if name.startswith("values[")])

    return answer


def test_six_thousand_values_come_back_whole(site: Site, moodle: MoodleClient) -> None:
    recording = load("quirk-too-many-values")
    row = recording["response"]["body"][0]
    site.always(_as_php(lambda value: {**row, "idnumber": value}))
    wanted = [f"CHG-{number:04}" for number in range(6000, 0, -1)]
    found = moodle.get_users_by_field("idnumber", wanted)
    assert [user.idnumber for user in found] == wanted
    assert max(len(form) for form in site.forms) <= PHP_LIMIT
    first = recording["request"]["form"]
    assert {name: site.forms[0][name] for name in first} == first


def test_a_call_that_php_would_cut_is_not_sent(site: Site, moodle: MoodleClient) -> None:
    with pytest.raises(InvalidParameter) as raised:
        moodle.call("core_user_get_users_by_field", {"field": "id", "values": list(range(998))})
    assert raised.value.reason == "too_many_variables"
    assert site.forms == []


def test_the_limit_of_variables_can_be_that_of_the_site(site: Site) -> None:
    options = TransportOptions(max_input_vars=5000)
    with MoodleClient(site.url, "TOKEN", options=options) as moodle:
        moodle.call("core_user_get_users_by_field", {"field": "id", "values": list(range(998))})
    assert len(site.forms[0]) == 998 + 4


def _cohorts_that_exist(*existing: int) -> Callable[[Received], Answer]:
    unknown = recorded("core_cohort_get_cohort_members-unknown")

    def answer(request: Received) -> Answer:
        asked = [int(v) for name, v in request.form.items() if name.startswith("cohortids[")]
        if set(asked) - set(existing):
            return unknown
        return Answer.of([{"cohortid": number, "userids": [number * 10]} for number in asked])

    return answer


def test_unknown_cohorts_are_found_and_left_out(site: Site, moodle: MoodleClient) -> None:
    site.always(_cohorts_that_exist(*range(1, 60)))
    found = moodle.get_cohort_members([99, *range(1, 60), 77], skip_unknown=True)
    assert [members.cohort_id for members in found] == list(range(1, 60))
    assert len(site.forms) < 30


def test_an_unknown_cohort_is_an_error_unless_told_otherwise(
    site: Site, moodle: MoodleClient
) -> None:
    site.always(_cohorts_that_exist(1, 2))
    with pytest.raises(NotFound):
        moodle.get_cohort_members([1, 99])


def test_empty_lists_ask_nothing(site: Site, moodle: MoodleClient) -> None:
    assert moodle.get_users_by_field("id", []) == []
    assert moodle.get_courses([]) == []
    assert moodle.get_cohorts([]) == []
    assert moodle.get_cohort_members([]) == []
    assert moodle.get_group_members([]) == []
    assert len(moodle.get_assignment_grades([])) == 0
    assert moodle.find_courses("") == []
    assert site.forms == []


def test_an_unknown_search_key_never_gives_everyone(site: Site, moodle: MoodleClient) -> None:
    for criteria in ({}, {"cohortid": "1"}):
        with pytest.raises(InvalidParameter):
            moodle.get_users(criteria)
    assert site.forms == []
    site.always(recorded("core_user_get_users-bad-key"))
    with pytest.raises(InvalidParameter):
        moodle.get_users({"auth": "manual"})


def test_a_zero_user_is_not_taken_for_everyone(site: Site, moodle: MoodleClient) -> None:
    with pytest.raises(InvalidParameter):
        moodle.get_grade_items(6, 0)
    assert site.forms == []


def test_a_report_is_read_to_its_last_row(site: Site, moodle: MoodleClient) -> None:
    body = load("core_reportbuilder_retrieve_report-first-page")["response"]["body"]
    rows = body["data"]["rows"]

    def page(request: Received) -> Answer:
        start = int(request.form["page"]) * 10
        kept = rows[start : start + 10]
        return Answer.of({**body, "data": {**body["data"], "rows": kept, "totalrowcount": 25}})

    site.always(page)
    read = list(moodle.iterate_report(1, per_page=10))
    assert [row.cells for row in read] == [tuple(row["columns"]) for row in rows]
    assert len(site.forms) == 3


def test_threads_share_a_client(site: Site, moodle: MoodleClient) -> None:
    site.always(lambda request: Answer.of([{"id": int(request.form["courseid"])}]))

    def read(course_id: int) -> int:
        return next(moodle.get_enrolled_users(course_id)).id

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(200))) == list(range(200))


def test_each_call_is_reported_with_its_size(site: Site) -> None:
    seen = []
    body = json.dumps([{"cohortid": 1, "userids": []}]).encode()
    site.always(Answer(body=body))
    with MoodleClient(site.url, "TOKEN", observer=seen.append) as moodle:
        moodle.get_cohort_members([1])
    (record,) = seen
    assert record.wsfunction == "core_cohort_get_cohort_members"
    assert record.received_bytes == len(body)
    assert record.seconds > 0
    assert record.error_code is None


def test_more_reports_than_moodle_lists_at_once_are_all_listed(
    site: Site, moodle: MoodleClient
) -> None:
    body = load("core_reportbuilder_list_reports")["response"]["body"]
    reports = [{**body["reports"][0], "id": number} for number in range(1, 24)]

    def listed(request: Received) -> Answer:
        start = 10 * int(request.form.get("page", 0))
        return Answer.of({"reports": reports[start : start + 10], "warnings": []})

    site.always(listed)
    assert [report.id for report in moodle.list_reports()] == list(range(1, 24))
    assert len(site.forms) == 3


def test_a_site_that_lists_the_same_reports_for_ever_is_asked_twice(
    site: Site, moodle: MoodleClient
) -> None:
    body = load("core_reportbuilder_list_reports")["response"]["body"]
    reports = [{**body["reports"][0], "id": number} for number in range(10)]
    site.always(Answer.of({"reports": reports, "warnings": []}))
    assert len(moodle.list_reports()) == 10
    assert len(site.forms) == 2


def test_a_page_already_known_is_recognised_by_its_bytes(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("core_reportbuilder_retrieve_report-first-page"))
    digest, page = moodle.retrieve_report_unless(1, 0, 25, b"")
    assert page == moodle.retrieve_report(1, 0, 25)
    assert moodle.retrieve_report_unless(1, 0, 25, digest) == (digest, None)
    site.always(recorded("core_reportbuilder_retrieve_report-past-the-end"))
    other, past = moodle.retrieve_report_unless(1, 0, 25, digest)
    assert other != digest
    assert past is not None
    assert past.rows == ()
    site.always(recorded("core_reportbuilder_retrieve_report-error-not-allowed"))
    with pytest.raises(MissingCapability):
        moodle.retrieve_report_unless(1, 0, 25, digest)
