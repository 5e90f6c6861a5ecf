"""Traps of the other functions: names, idnumbers, deleted accounts, warnings, links."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from moodle_client import CourseInaccessible, MissingCapability, MoodleClient, name_key
from tests.contract.moodle_client.site import RECORDINGS, Site, load, recorded

SHARED = Path(__file__).parents[4] / "shared" / "moodle" / "4.5"


def test_a_name_stored_with_decomposed_accents_comes_out_composed(
    site: Site, moodle: MoodleClient
) -> None:
    site.always(recorded("core_user_get_users_by_field-id"))
    person = next(user for user in moodle.get_users_by_field("id", [6]) if user.id == 6)
    stored = next(
        r for r in load("core_user_get_users_by_field-id")["response"]["body"] if r["id"] == 6
    )
    assert not unicodedata.is_normalized("NFC", stored["firstname"])
    assert person.firstname == unicodedata.normalize("NFC", "Ndèye Coumba")
    assert name_key(stored["firstname"]) == name_key(" NDÈYE  coumba ")


def test_an_absent_idnumber_is_none_for_people_and_empty_for_cohorts(
    site: Site, moodle: MoodleClient
) -> None:
    site.always(recorded("core_user_get_users_by_field-id"))
    assert {u.id: u.idnumber for u in moodle.get_users_by_field("id", [3, 13])}[13] is None
    site.always(recorded("core_cohort_get_cohorts"))
    assert {cohort.id: cohort.idnumber for cohort in moodle.get_cohorts()}[4] == ""


def test_a_name_with_an_ampersand_is_left_alone_where_moodle_does_not_escape(
    site: Site, moodle: MoodleClient
) -> None:
    site.always(recorded("core_cohort_get_cohorts"))
    assert "Asosyasyon Fiktif & Zanmi (Port-au-Prince)" in {c.name for c in moodle.get_cohorts()}
    site.always(recorded("core_group_get_course_groups"))
    assert "Groupe Port-au-Prince & île" in {g.name for g in moodle.get_course_groups(14)}


def test_an_unescaped_course_name_is_the_one_stored(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("core_course_get_courses_by_field-id-ok"))
    (course,) = moodle.get_courses_by_field("id", "16")
    (raw,) = load("core_course_get_courses_by_field-raw")["response"]["body"]["courses"]
    assert (course.fullname, course.shortname) == (raw["fullname"], raw["shortname"])


def test_no_field_is_sent_to_list_every_course(site: Site, moodle: MoodleClient) -> None:
    # Moodle looks for the course of number 0 when it is given the field `id` and no value.
    site.always(recorded("core_course_get_courses_by_field-idnumber-empty"))
    moodle.get_courses_by_field()
    assert {"field", "value"}.isdisjoint(site.received[-1].form)


def test_a_deleted_account_is_left_out_unless_asked_for(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("core_user_get_users_by_field-deleted"))
    assert moodle.get_users_by_field("id", [68]) == []
    (deleted,) = moodle.get_users_by_field("id", [68], include_deleted=True)
    assert deleted.is_deleted


def test_no_living_account_is_taken_for_a_deleted_one(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("core_user_get_users_by_field-id"))
    assert len(moodle.get_users_by_field("id", [3, 6, 13, 15, 41, 44])) == 6


def test_a_suspended_account_is_told(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("core_user_get_users_by_field-username-suspended"))
    (person,) = moodle.get_users_by_field("username", ["apprenant42"])
    assert person.suspended is True


def test_a_suspended_enrolment_is_seen_by_comparing_two_readings(
    site: Site, moodle: MoodleClient
) -> None:
    site.then(recorded("core_enrol_get_enrolled_users-rmp-adl-04"))
    site.then(recorded("core_enrol_get_enrolled_users-onlysuspended"))
    everyone = {user.id for user in moodle.get_enrolled_users(6)}
    suspended = {user.id for user in moodle.get_enrolled_users(6, only_suspended=True)}
    site.then(recorded("core_enrol_get_enrolled_users-onlyactive"))
    active = {user.id for user in moodle.get_enrolled_users(6, only_active=True)}
    assert suspended == {7}
    assert everyone - suspended == active


def test_a_course_idnumber_is_unknown_without_the_right_to_it(
    site: Site, moodle: MoodleClient
) -> None:
    site.always(recorded("core_course_get_courses"))
    assert {course.idnumber for course in moodle.get_courses()} == {None}
    site.always(recorded("core_course_get_courses-with-course-update"))
    told = {course.id: (course.idnumber, course.visible) for course in moodle.get_courses()}
    assert told[12] == ("RMP-ADL-10", False)
    assert told[1][0] == ""


def test_the_private_key_of_the_account_is_not_kept(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("core_webservice_get_site_info"))
    key = load("core_webservice_get_site_info")["response"]["body"]["userprivateaccesskey"]
    assert key not in repr(moodle.get_site_info())


def test_refused_rights_name_the_capabilities(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("error-missing-capability-cohorts"))
    with pytest.raises(MissingCapability) as raised:
        moodle.get_cohorts()
    assert raised.value.capabilities == ("moodle/cohort:view",)
    site.always(recorded("error-one-hidden-course"))
    with pytest.raises(CourseInaccessible) as closed:
        moodle.get_courses()
    assert "moodle/course:viewhiddencourses" in closed.value.capabilities


def test_what_assignments_leave_out_is_told_in_warnings(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("error-missing-capability-assign"))
    grades = moodle.get_assignment_grades([9])
    assert [(w.code, w.item_id) for w in grades.warnings] == [("1", 9)]
    assert list(grades) == []


def test_completion_has_the_moment_of_its_last_criterion(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("core_completion_get_course_completion_status-completed"))
    done = moodle.get_course_completion_status(6, 3)
    assert done.completed
    assert done.completed_at == max(c.completed_at for c in done.criteria if c.completed_at)
    site.always(recorded("core_completion_get_course_completion_status-in-progress"))
    begun = moodle.get_course_completion_status(6, 15)
    assert (begun.completed, begun.completed_at) == (False, None)


def test_rows_of_a_report_tell_course_and_person_by_their_links(
    site: Site, moodle: MoodleClient
) -> None:
    site.always(recorded("core_reportbuilder_retrieve_report-first-page"))
    page = moodle.retrieve_report(1, 0, 25)
    assert (page.rows[0].course_id, page.rows[0].user_id) == (2, 28)
    assert page.rows[0].texts[:2] == (
        "Communication, libération de la parole et écoute active",
        "Abdelilah Aït-Exemple",
    )
    assert all(row.course_id and row.user_id for row in page.rows)
    assert page.total_rows == 2470


def test_the_recordings_are_those_given() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared recordings are not beside this checkout")
    for folder in ("ws", "lti"):
        given = {
            path.name: json.loads(path.read_text("utf-8")) for path in (SHARED / folder).iterdir()
        }
        kept = {
            path.name: json.loads(path.read_text("utf-8"))
            for path in (RECORDINGS.parent / folder).iterdir()
        }
        assert kept == given
