"""The check of a token says what is missing; the token itself is never told again."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.platforms.errors import TokenMissing, TokenRefused
from lti_tool.platforms.models import Site
from lti_tool.platforms.service import check_site, client_for, describe_check, set_token
from lti_tool.platforms.service.listing import SiteState, state_of
from lti_tool.settings import Settings
from tests.factories import make_site
from tests.integration.platforms.recorded import TOKEN, RecordedMoodle

OTHER_TOKEN = "f" * 32


def test_a_complete_access_leaves_nothing_to_say(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    assert check_site(session, settings, site) == []
    session.refresh(site)
    assert state_of(site) == SiteState.READY
    assert site.checked_at is not None
    assert moodle.tokens == {TOKEN}


def test_a_function_missing_from_the_service_is_named(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    moodle.functions.remove("core_cohort_get_cohorts")
    check_site(session, settings, site)
    (found,) = describe_check(site)
    assert "core_cohort_get_cohorts" in found.missing
    assert "cohortes" in found.effect
    assert state_of(site) == SiteState.INCOMPLETE


def test_a_missing_capability_is_named(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    moodle.fail("core_cohort_get_cohorts", "nopermissions", "Awa Fictive n’a pas ce droit")
    (stored,) = check_site(session, settings, site)
    assert stored["capabilities"] == ["moodle/cohort:view"]
    assert "Awa" not in str(stored)


def test_what_stops_everything_is_told_first(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    moodle.functions.remove("core_cohort_get_cohorts")
    moodle.fail("core_course_get_courses", "errorcoursecontextnotvalid")
    moodle.changes["core_course_get_courses_by_field"] = lambda _form: {"courses": []}
    check_site(session, settings, site)
    blocking = [found.blocking for found in describe_check(site)]
    assert blocking == sorted(blocking, reverse=True)
    assert blocking[0]


@pytest.mark.parametrize(
    ("errorcode", "words"),
    [("invalidtoken", "ne reconnaît pas le jeton"), ("sitemaintenance", "en maintenance")],
)
def test_a_site_that_refuses_says_why(
    session: Session,
    settings: Settings,
    site: Site,
    moodle: RecordedMoodle,
    errorcode: str,
    words: str,
) -> None:
    moodle.fail("core_webservice_get_site_info", errorcode)
    check_site(session, settings, site)
    (found,) = describe_check(site)
    assert words in found.effect


def test_a_site_that_is_not_there_is_told_so_without_a_trace(
    session: Session, settings: Settings
) -> None:
    site = make_site(session, "http://127.0.0.1:9", token=TOKEN)
    session.commit()
    (stored,) = check_site(session, settings, site)
    assert (stored["code"], stored["error"]) == ("no-answer", "MOODLE-UNREACHABLE")
    assert TOKEN not in str(stored)


def test_a_token_given_during_the_check_is_not_judged_by_it(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    cohorts = moodle.changes["core_cohort_get_cohorts"] = lambda _form: _replace(session, site)
    assert callable(cohorts)
    check_site(session, settings, site)
    session.refresh(site)
    assert site.token == OTHER_TOKEN
    assert state_of(site) == SiteState.UNCHECKED


def _replace(session: Session, site: Site) -> list[object]:
    with Session(session.get_bind()) as other:
        set_token(other, actor_id=None, site_id=site.id, token=OTHER_TOKEN)
    return []


def test_a_site_without_token_is_neither_read_nor_checked(
    session: Session, settings: Settings
) -> None:
    site = make_site(session)
    for ask in (lambda: client_for(site, settings), lambda: check_site(session, settings, site)):
        with pytest.raises(TokenMissing):
            ask()


def test_the_token_is_encrypted_at_rest_and_in_no_printed_form(
    session: Session,
    settings: Settings,
    site: Site,
    moodle: RecordedMoodle,
    capfd: pytest.CaptureFixture[str],
) -> None:
    set_token(session, actor_id=None, site_id=site.id, token=TOKEN)
    row = session.execute(text("SELECT token FROM site")).scalar_one()
    assert TOKEN not in row
    moodle.fail("core_cohort_get_cohorts", "nopermissions")
    check_site(session, settings, site)
    client = client_for(site, settings)
    entries = journal.entries_about(session, "site", site.id)
    written = [repr(site), str(site), repr(client), str(vars(client)), str(site.check_findings)]
    written += [str(entry.basis) for entry in entries]
    written += list(capfd.readouterr())
    assert not any(TOKEN in text for text in written)


def test_a_new_token_makes_the_last_check_void(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    moodle.functions.remove("core_cohort_get_cohorts")
    check_site(session, settings, site)
    set_token(session, actor_id=None, site_id=site.id, token=f"  {OTHER_TOKEN}\n")
    assert (site.token, site.check_findings, state_of(site)) == (
        OTHER_TOKEN,
        None,
        SiteState.UNCHECKED,
    )


def test_what_cannot_be_a_token_is_refused_and_the_former_one_stays(
    session: Session, site: Site
) -> None:
    for given in ("", "   ", "short", "a" * 200, "with space in the middle", "jeton-é" * 4):
        with pytest.raises(TokenRefused):
            set_token(session, actor_id=None, site_id=site.id, token=given)
    assert site.token == TOKEN


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://autre.example.org/moodle", "https://autre.example.org/moodle"),
        ("Awa Fictive", None),
        ("https://awa:secret@autre.example.org", None),
    ],
)
def test_the_address_a_site_gives_itself_is_kept_when_it_is_one(
    session: Session,
    settings: Settings,
    site: Site,
    moodle: RecordedMoodle,
    said: str,
    kept: str | None,
) -> None:
    moodle.info["siteurl"] = said
    stored = check_site(session, settings, site)
    assert [one["address"] for one in stored if one["code"] == "other-address"] == [kept]
    told = next(one for one in describe_check(site) if one.code == "other-address")
    assert (f"se nomme {kept}," in told.missing) is (kept is not None)
    assert "Awa" not in told.missing
