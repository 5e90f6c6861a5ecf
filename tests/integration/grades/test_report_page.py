"""The page of the report says how to make it and what is found of it; the diagnosis says the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.grades.watching.checks import report_checks
from lti_tool.grades.watching.due import WATCH_SITE
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.grades.watching.wording import indispensable, useful
from lti_tool.jobs import Job
from lti_tool.people.models import Role
from lti_tool.platforms.diagnosis import Level
from tests.contract.moodle_client.site import Answer, Received, Site, running_site
from tests.factories import MOMENT, make_grant, make_person, make_site, sign_in
from tests.integration.grades.watched_report import ENGLISH, ReportSite, Row, refused
from tests.reading import words_of


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    """One server for the module."""
    with running_site() as site:
        yield site


@pytest.fixture
def site_id(session: Session, server: Site) -> int:
    """A site with a token."""
    server.reset()
    made = make_site(session, server.url, token="5" * 32).id
    session.commit()
    return made


@pytest.fixture
def coordinator(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser with a coordinator at it."""
    person = make_person(session, "Zélie Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    return client


def codes(sessions: sessionmaker[Session], site_id: int, *, ask: bool = True) -> dict[str, Level]:
    """The codes of the checks and how serious each is."""
    return {check.code: check.level for check in report_checks(sessions, site_id, ask)}


def test_the_guide_names_every_column_in_both_languages(coordinator: FlaskClient) -> None:
    words = words_of(coordinator.get("/coordination/sites/rapport"))
    for column in (*indispensable(), *useful()):
        assert column.french in words
        assert column.english in words
    assert "moodle/reportbuilder:view" in coordinator.get("/coordination/sites/rapport").text


def test_a_complete_report_is_well(
    sessions: sessionmaker[Session], site_id: int, server: Site
) -> None:
    people = [
        Row(n, completed="Yes", completed_at="Saturday, 21 November 2026, 10:41 PM") for n in (1, 2)
    ]
    ReportSite(server, [*people, Row(3, grade="12,00")])
    found = codes(sessions, site_id)
    assert found.pop("WATCH-NEVER") is Level.UNKNOWN
    assert set(found.values()) == {Level.OK}


def test_missing_columns_are_named(
    sessions: sessionmaker[Session], site_id: int, server: Site
) -> None:
    report = ReportSite(server, [Row(1), Row(2)])
    report.order = (0, 1, 3)
    assert "WATCH-USEFUL" in codes(sessions, site_id)
    report.order = (0, 1)
    found = report_checks(sessions, site_id, True)
    (check,) = [one for one in found if one.code == "WATCH-COLUMNS"]
    assert "Note [Grade]" in check.remedy


@pytest.mark.parametrize(
    ("function", "error", "code"),
    [
        ("core_reportbuilder_list_reports", "nopermissions", "WATCH-RIGHT"),
        ("core_webservice_get_site_info", "maintenance", ""),
    ],
)
def test_what_keeps_the_report_from_being_looked_at_is_said(
    sessions: sessionmaker[Session],
    site_id: int,
    server: Site,
    function: str,
    error: str,
    code: str,
) -> None:
    report = ReportSite(server, [Row(1)])
    usual = report._answer

    def answer(request: Received) -> Answer:
        return refused(error) if request.form["wsfunction"] == function else usual(request)

    server.always(answer)
    found = codes(sessions, site_id)
    assert Level.PROBLEM not in found.values()
    assert code in found or Level.UNKNOWN in found.values()


def test_functions_outside_the_service_a_report_not_shared_and_an_empty_one_are_told_apart(
    sessions: sessionmaker[Session], site_id: int, server: Site
) -> None:
    report = ReportSite(server, [])
    assert "WATCH-EMPTY" in codes(sessions, site_id)
    report.listed = False
    assert "WATCH-NO-REPORT" in codes(sessions, site_id)
    report.functions = ()
    assert "WATCH-FUNCTIONS" in codes(sessions, site_id)


def test_a_condition_that_hides_people_is_said_and_the_usual_one_explained(
    sessions: sessionmaker[Session], site_id: int, server: Site
) -> None:
    report = ReportSite(server, [Row(1), Row(2)])
    report.conditions = '{"enrolment:status_operator":1,"enrolment:status_value":0}'
    assert "WATCH-CONDITION" not in codes(sessions, site_id)
    report.conditions = '{"course:category_operator":1,"course:category_value":[2]}'
    assert "WATCH-CONDITION" in codes(sessions, site_id)


def test_the_page_of_a_site_tells_a_watch_that_fails_and_can_ask_for_one(
    coordinator: FlaskClient, session: Session, site_id: int, server: Site
) -> None:
    session.add(
        SiteWatch(
            site_id=site_id,
            next_at=MOMENT,
            started_at=MOMENT,
            failing_since=MOMENT,
            failures=2,
            error_code="WATCH-EMPTY",
        )
    )
    session.commit()
    page = coordinator.get(f"/coordination/sites/{site_id}/rapport")
    assert "Le rapport du site est vide" in words_of(page)
    ReportSite(server, [Row(1)])
    asked = coordinator.post(f"/coordination/sites/{site_id}/rapport")
    assert "pourrait en dire plus" in words_of(asked) or "toutes les colonnes" in words_of(asked)
    answer = coordinator.post(f"/coordination/sites/{site_id}/rapport/surveiller")
    assert answer.status_code == 303
    assert session.scalars(select(Job.kind)).all() == [WATCH_SITE]
    assert len(ENGLISH) == 14
