"""Pages of the demo's Moodle: entering as someone, courses, the gradebook and what each may see."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.demo.moodle import DemoMoodle, create_moodle_app
from lti_tool.demo.moodle.keys import PlatformKey
from lti_tool.demo.moodle.seed.standings import learner_id
from lti_tool.demo.moodle.sessions import COOKIE

KEY = PlatformKey.load(None)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
COURSE = 2
GRADER = f"/grade/report/grader/index.php?id={COURSE}"
OWN = f"/grade/report/user/index.php?id={COURSE}"


@pytest.fixture
def site() -> DemoMoodle:
    """A seeded site."""
    return DemoMoodle(
        base_url="http://127.0.0.1:8100",
        tool_url="http://127.0.0.1:8000",
        key=KEY,
        clock=lambda: NOW,
    )


def _browser(site: DemoMoodle, username: str = "") -> FlaskClient:
    client = create_moodle_app(site).test_client()
    if username:
        assert client.post("/login/index.php", data={"username": username}).status_code == 303
    return client


def _sesskey(client: FlaskClient) -> str:
    found = re.search(r'name="sesskey" value="([^"]+)"', client.get(GRADER).text)
    assert found
    return found[1]


def _first_item(site: DemoMoodle) -> int:
    return next(item.id for item in site.world.grade_items if item.course == COURSE)


def _save(site: DemoMoodle, client: FlaskClient, person: int, value: str) -> TestResponse:
    form = {"sesskey": _sesskey(client), f"grade-{person}-{_first_item(site)}": value}
    return client.post(GRADER, data=form, follow_redirects=True)


def test_the_front_page_proposes_every_kind_of_person(site: DemoMoodle) -> None:
    page = _browser(site).get("/").text
    for title in ("Apprenant·es", "Formateur·rices", "Référent·es partenaires", "Coordination"):
        assert title in page
    assert 'href="http://127.0.0.1:8000/verifier"' in page
    assert page.count('name="username"') > 60


@pytest.mark.parametrize(
    ("username", "count"),
    [("formateur1", 8), ("coordination1", 17), ("referent1", 2), ("apprenant49", 3)],
)
def test_my_courses_are_those_of_the_person(site: DemoMoodle, username: str, count: int) -> None:
    page = _browser(site, username).get("/my/courses.php").text
    assert page.count('class="coursecard"') == count


def test_a_course_holds_the_tool_in_a_frame_and_beside_it_a_new_tab(site: DemoMoodle) -> None:
    page = _browser(site, "apprenant01").get(f"/course/view.php?id={COURSE}").text
    frame = re.search(r'<iframe[^>]*src="([^"]+)"', page)
    assert frame
    assert frame[1].startswith("/mod/lti/launch.php?id=")
    assert 'target="_blank"' in page
    assert "Ouvrir dans un nouvel onglet" in page


@pytest.mark.parametrize("username", ["apprenant38", "apprenant39", "apprenant40"])
def test_who_is_not_actively_enrolled_is_kept_out(site: DemoMoodle, username: str) -> None:
    answer = _browser(site, username).get(f"/course/view.php?id={COURSE}")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/enrol/index.php?id={COURSE}",
    )


def test_a_suspended_account_and_a_service_account_do_not_enter(site: DemoMoodle) -> None:
    for username in ("apprenant42", "ws_rmp"):
        client = create_moodle_app(site).test_client()
        assert client.post("/login/index.php", data={"username": username}).status_code == 403


def test_nobody_is_sent_to_another_site_after_entering(site: DemoMoodle) -> None:
    for address in ("https://evil.example/", "//evil.example/", "evil"):
        form = {"username": "apprenant01", "next": address}
        answer = create_moodle_app(site).test_client().post("/login/index.php", data=form)
        assert answer.headers["Location"] == "/my/courses.php"


def test_entering_as_someone_else_gives_a_new_session(site: DemoMoodle) -> None:
    client = _browser(site, "apprenant01")
    first = client.get_cookie(COOKIE)
    client.post("/login/index.php", data={"username": "formateur1"})
    second = client.get_cookie(COOKIE)
    assert first
    assert second
    assert first.value != second.value
    assert site.sessions.find(first.value) is None


def test_the_cookie_has_a_name_of_its_own_and_suits_the_address(site: DemoMoodle) -> None:
    answer = (
        create_moodle_app(site)
        .test_client()
        .post("/login/index.php", data={"username": "apprenant01"})
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("MoodleSessionDemo=")
    assert "SameSite=Lax" in cookie
    site.base_url = "http://moodle.localhost:8100"
    answer = (
        create_moodle_app(site)
        .test_client()
        .post("/login/index.php", data={"username": "apprenant01"})
    )
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "SameSite=None" in answer.headers["Set-Cookie"]


def test_a_trainer_changes_a_grade_and_the_web_service_tells_it(site: DemoMoodle) -> None:
    person, item = learner_id(32), _first_item(site)
    page = _save(site, _browser(site, "formateur1"), person, "14,5").text
    assert "1 note enregistrée." in page
    grade = site.world.grades[item, person]
    assert (grade.value, grade.overridden, grade.graded_at) == (Decimal("14.5"), True, site.now)
    form = {
        "wstoken": site.service_token,
        "wsfunction": "gradereport_user_get_grade_items",
        "moodlewsrestformat": "json",
        "courseid": COURSE,
        "userid": person,
    }
    answer = _browser(site).post("/webservice/rest/server.php", data=form).get_json()
    assert answer["usergrades"][0]["gradeitems"][-1]["graderaw"] == 14.5


def test_an_emptied_grade_is_missing_not_zero(site: DemoMoodle) -> None:
    person, item = learner_id(31), _first_item(site)
    _save(site, _browser(site, "formateur1"), person, "")
    assert site.world.grades[item, person].value is None


def test_a_grade_that_came_while_the_page_was_open_is_left_alone(site: DemoMoodle) -> None:
    person, other, item = learner_id(1), learner_id(2), _first_item(site)
    client = _browser(site, "formateur1")
    page = client.get(GRADER).text
    cells = dict(re.findall(r'name="((?:shown|grade)-\d+-\d+)" value="([^"]*)"', page))
    site.changes.make(
        site.world, "set_grade", item=item, person=other, value="3.5", moment=site.now
    )
    cells |= {f"grade-{person}-{item}": "1,25", "sesskey": _sesskey(client)}

    said = client.post(GRADER, data=cells, follow_redirects=True).text

    assert "1 note enregistrée." in said
    assert site.world.grades[item, person].value == Decimal("1.25")
    assert site.world.grades[item, other].value == Decimal("3.5")


@pytest.mark.parametrize("typed", ["21", "-1", "douze", "NaN", "inf"])
def test_what_is_not_a_grade_is_refused_with_a_sentence(site: DemoMoodle, typed: str) -> None:
    person, item = learner_id(1), _first_item(site)
    before = site.world.grades[item, person].value
    page = _save(site, _browser(site, "formateur1"), person, typed).text
    assert "n’est pas une note entre 0 et 20" in page
    assert site.world.grades[item, person].value == before


def test_the_gradebook_is_closed_to_learners_and_to_partner_leads(site: DemoMoodle) -> None:
    for username in ("apprenant01", "referent1"):
        client = _browser(site, username)
        assert client.get(GRADER).status_code == 403
        cookie = client.get_cookie(COOKIE)
        session = site.sessions.find(cookie.value if cookie else "")
        assert session
        assert client.post(GRADER, data={"sesskey": session.sesskey}).status_code == 403


def test_a_grade_is_not_stored_without_the_session_key(site: DemoMoodle) -> None:
    person, item = learner_id(1), _first_item(site)
    before = site.world.grades[item, person].value
    client = _browser(site, "formateur1")
    assert client.post(GRADER, data={f"grade-{person}-{item}": "1"}).status_code == 404
    assert site.world.grades[item, person].value == before


def test_a_learner_reads_own_grades_but_no_hidden_one(site: DemoMoodle) -> None:
    shown = _browser(site, "apprenant31").get(OWN).text
    assert "Devoir 1" in shown
    hidden = _browser(site, "apprenant33").get(OWN).text
    assert "Devoir 1" not in hidden
    assert "104" not in hidden
    assert "80" not in re.sub(r"<[^>]+>", " ", hidden)


def test_a_course_that_withholds_grades_shows_none(site: DemoMoodle) -> None:
    course = site.world.course_with_idnumber("RMP-ADL-09")
    learner = next(one.person for one in site.world.enrolments_in(course.id) if one.role.gradable)
    client = _browser(site, site.world.people[learner].username)
    assert (
        "ne montre pas ses notes" in client.get(f"/grade/report/user/index.php?id={course.id}").text
    )


def test_pages_without_anyone_logged_in_lead_to_the_front_page(site: DemoMoodle) -> None:
    client = _browser(site)
    for path in ("/my/courses.php", f"/course/view.php?id={COURSE}", GRADER):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_an_unknown_page_is_a_page_with_a_way_out(site: DemoMoodle) -> None:
    answer = _browser(site).get("/nulle/part")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text


SETUP = f"/grade/edit/tree/index.php?id={COURSE}"


def _total(site: DemoMoodle, person: int) -> Decimal | None:
    return site.world.course_total(COURSE, person)


def test_a_trainer_takes_a_column_out_of_the_total_and_back(site: DemoMoodle) -> None:
    trainer, person = _browser(site, "formateur1"), learner_id(1)
    column = next(
        item
        for item in site.world.grade_items
        if item.course == COURSE
        and (grade := site.world.grades.get((item.id, person)))
        and grade.value
    )
    value, before = site.world.grades[column.id, person].value, _total(site, person)
    assert value is not None
    assert before is not None
    form = {"sesskey": _sesskey(trainer), f"weight-{column.id}": "0"}
    page = trainer.post(SETUP, data=form, follow_redirects=True)
    assert "Poids enregistrés." in page.text
    assert _total(site, person) == before - value
    for refused in ("", "-1", "x", "NaN"):
        trainer.post(SETUP, data=form | {f"weight-{column.id}": refused})
        assert _total(site, person) == before - value
    trainer.post(SETUP, data=form | {f"weight-{column.id}": "1"})
    assert _total(site, person) == before


def test_weights_are_for_those_who_grade_and_with_their_session_key(site: DemoMoodle) -> None:
    learner, trainer = _browser(site, "apprenant01"), _browser(site, "formateur1")
    assert learner.get(SETUP).status_code == 403
    assert trainer.post(SETUP, data={"sesskey": "x"}).status_code == 404
