"""The ``Link`` header, right or broken as Moodle's gradebook writes it."""

from __future__ import annotations

import pytest

from lti_tool.lti.services.links import parse_links
from lti_tool.lti.services.wire import Answer
from tests.contract.demo.recordings import recording
from tests.unit.lti.services.recorded import recorded_answer, recorded_answers


def test_the_pages_of_the_roster_lead_to_each_other() -> None:
    answers = recorded_answers("nrps-pages")
    addresses = [one["request"]["url"] for one in recording("lti", "nrps-pages")["exchanges"]]
    assert [answer.next_address() for answer in answers] == [*addresses[1:], None]


def test_moodle_s_broken_header_is_read_all_the_same() -> None:
    first, second = recorded_answer("ags-lineitems-page-1"), recorded_answer("ags-lineitems-page-2")
    assert first.next_address() == second.address
    assert "&amp;" not in (first.next_address() or "")
    links = parse_links(first.headers["Link"])
    assert set(links) == {"first", "canonical", "next", "last"}


def test_the_case_of_an_address_is_kept() -> None:
    header = '<https://m.test/Members?From=ABC>; REL="Next"'
    assert parse_links(header) == {"next": "https://m.test/Members?From=ABC"}


def test_a_comma_in_an_address_does_not_end_it() -> None:
    header = '<https://m.test/a,b>; title="x"; rel=next, <https://m.test/c>; rel="last prev"'
    assert parse_links(header) == {
        "next": "https://m.test/a,b",
        "last": "https://m.test/c",
        "prev": "https://m.test/c",
    }


def test_an_address_ends_where_another_begins() -> None:
    """Else thousands of « < » are each read to the end of the header."""
    assert parse_links('<a<http://moodle.test/next>; rel="next"') == {
        "next": "http://moodle.test/next"
    }


def test_a_relative_link_starts_from_the_page() -> None:
    answer = Answer(200, b"", {"Link": "<?from=2>; rel=next"}, "https://m.test/members?limit=2")
    assert answer.next_address() == "https://m.test/members?from=2"


@pytest.mark.parametrize("header", ["", "next", "<>", "<a", "<a>; rel", '<a>; rel=""', "<a>; x=1"])
def test_a_header_without_relation_has_no_next_page(header: str) -> None:
    assert "next" not in parse_links(header)
