"""What a launch says of its activity and services: only what is well formed, only at the platform."""

from __future__ import annotations

from typing import Any

import pytest

from lti_tool.lti.activities import Activity, Services, read_activity, read_services
from lti_tool.lti.models import Placement
from lti_tool.lti.targets import is_at, origin
from lti_tool.lti.vocabulary import AGS_SCOPES, CLAIM, ENDPOINT, ROSTER
from tests.unit.lti.test_recorded_tokens import recording

MOODLE = "http://moodle.localhost:8081"
SERVICES = f"{MOODLE}/mod/lti/services.php"


def activity(custom: object, title: object = "Mon parcours") -> Activity:
    claims = {
        CLAIM + "resource_link": {"id": "7", "title": title},
        CLAIM + "context": {"id": "12"},
        CLAIM + "custom": custom,
    }
    return read_activity(claims, link_id="7")


def services(**addresses: Any) -> Services:
    endpoint = {key: value for key, value in addresses.items() if key != "memberships"}
    claims = {
        ENDPOINT: endpoint,
        ROSTER: {"context_memberships_url": addresses.get("memberships")},
    }
    return read_services(claims, origins={MOODLE})


def test_what_was_chosen_comes_back_at_the_launch() -> None:
    found = activity({"ancrage_placement": "action", "ancrage_domain": "RMP-ADL-4"})

    assert (found.placement, found.domain, found.title) == (
        Placement.ACTION,
        "RMP-ADL-4",
        "Mon parcours",
    )


@pytest.mark.parametrize(
    "custom",
    [
        None,
        "ancrage_placement=path",
        [],
        {},
        {"ancrage_placement": "PATH"},
        {"ancrage_placement": "path "},
        {"ancrage_placement": ["path"]},
        {"ancrage_placement": "administration"},
        {"ancrage_placement": "x" * 100_000},
        {"ancrage_domain": "RMP-ADL-4'; DROP TABLE domain", "ancrage_origin": "12 OR 1=1"},
        {"ancrage_domain": 4, "ancrage_origin": 2, "ancrage_history": ["2"]},
        {"placement": "path"},
    ],
)
def test_a_setting_that_is_none_of_ours_is_left_out(custom: object) -> None:
    found = activity(custom)

    assert (found.placement, found.domain, found.origin, found.copied_from) == (None, "", "", "")


@pytest.mark.parametrize(
    ("origin_of", "history", "copied_from"),
    [
        ("12", "", ""),
        ("12", "2,5", ""),
        ("2", "5,2", "2"),
        ("2", "5, 2", "2"),
        ("2", "5,22", ""),
        ("2", "", ""),
        ("2", "$Context.id.history", ""),
        ("2", None, ""),
        ("2", "9," * 5000 + "2", ""),
    ],
)
def test_a_copied_course_is_told_from_the_original_by_moodle_s_own_history(
    origin_of: str, history: str | None, copied_from: str
) -> None:
    found = activity({"ancrage_origin": origin_of, "ancrage_history": history})

    assert found.copied_from == copied_from


@pytest.mark.parametrize("title", [None, 3, ["x"]])
def test_a_title_that_is_no_text_is_empty(title: object) -> None:
    assert activity({}, title).title == ""


def test_the_recorded_launch_gives_its_services() -> None:
    found = read_services(recording("launch-learner")["id_token_claims"], origins={MOODLE})

    assert found == Services(
        memberships_url=f"{SERVICES}/CourseSection/2/bindings/1/memberships",
        lineitems_url=f"{SERVICES}/2/lineitems?type_id=1",
        lineitem_url=f"{SERVICES}/2/lineitems/104/lineitem?type_id=1",
        scopes=AGS_SCOPES,
    )
    assert found.foreign == ()


def test_two_coupled_columns_leave_the_activity_without_its_own() -> None:
    claims = recording("launch-learner-two-lineitems")["id_token_claims"]

    assert read_services(claims, origins={MOODLE}).lineitem_url == ""


def test_an_address_elsewhere_is_left_out_and_named() -> None:
    found = services(
        memberships="https://evil.test/members", lineitems=f"{SERVICES}/2/lineitems", lineitem=3
    )

    assert (found.memberships_url, found.lineitem_url) == ("", "")
    assert found.lineitems_url == f"{SERVICES}/2/lineitems"
    assert found.foreign == ("memberships_url", "lineitem_url")


def test_scopes_that_do_not_exist_are_left_out() -> None:
    assert services(scope=[AGS_SCOPES[3], "https://evil.test/scope", 4]).scopes == (AGS_SCOPES[3],)
    assert services(scope="score").scopes == ()


@pytest.mark.parametrize(
    "address",
    [
        "",
        None,
        "/mod/lti/services.php",
        "javascript:alert(1)",
        "ftp://moodle.localhost:8081/",
        "https://moodle.localhost:8081/",
        "http://moodle.localhost/",
        "http://moodle.localhost:8082/",
        "http://moodle.localhost:8081.evil.test/",
        "http://moodle.localhost:8081@evil.test/",
        "http://evil.test@moodle.localhost:8081/",
        "http://moodle.localhost:8081\\@evil.test/",
        "http://moodle.localhost:80811/",
        "http://moodle.localhost:8081:80/",
        "http://moodle.localhost:8081\n.evil.test/",
        "http://moodle.localhost:8081/x y",
        'http://moodle.localhost:8081/"><script>',
        "http://moodle.localhost:8081/#fragment",
        "http://moodle.localhost%2e:8081/",
        "http://mооdle.localhost:8081/",
        "http://[::1/",
        "http://moodle.localhost:8081/" + "x" * 1000,
    ],
)
def test_an_address_that_is_not_at_the_platform_is_not_trusted(address: object) -> None:
    assert not is_at(address, {MOODLE})


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://Moodle.Test:443/x?y=1", "https://moodle.test"),
        ("http://moodle.test:80", "http://moodle.test"),
        ("HTTP://moodle.test:8081/", "http://moodle.test:8081"),
        ("http://[::1]:8081/x", "http://[::1]:8081"),
    ],
)
def test_an_origin_has_one_form(address: str, found: str) -> None:
    assert origin(address) == found
