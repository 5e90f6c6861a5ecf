"""Numbers with their check character; codes as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.credentials.numbers import (
    ALPHABET,
    CODE_LENGTH,
    certificate_number,
    check_character,
    clean_code,
    grouped,
    is_valid_number,
    new_code,
    plain_code,
)

SERIALS = st.integers(min_value=1, max_value=999_999)


@pytest.mark.parametrize(
    ("text", "check"),
    # Published examples of ISAN and GRid, which use ISO 7064 MOD 37,36.
    [("B159D8FA01240000", "K"), ("00000000D07A0090", "Q"), ("A12425GABC1234002", "M")],
)
def test_the_check_character_is_that_of_the_standard(text: str, check: str) -> None:
    assert check_character(text) == check


def test_a_number_tells_the_year_and_the_domain() -> None:
    number = certificate_number(2027, 4, 123)
    assert number.startswith("ADL-2027-04-000123-")
    assert is_valid_number(number)
    assert is_valid_number(f" {number.lower()} ")


@given(SERIALS, st.integers(0, 18), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(serial: int, place: int, wrong: str) -> None:
    number = certificate_number(2027, 15, serial)
    if number[place] in ("-", wrong):
        return
    assert not is_valid_number(number[:place] + wrong + number[place + 1 :])


@given(SERIALS, st.integers(0, 18))
def test_two_neighbours_swapped_are_noticed(serial: int, place: int) -> None:
    number = certificate_number(2027, 15, serial)
    first, second = number[place], number[place + 1]
    if "-" in (first, second) or first == second:
        return
    assert not is_valid_number(number[:place] + second + first + number[place + 2 :])


@pytest.mark.parametrize("text", ["", "-", "ADL", "ADL-2027-04-000123-"])
def test_what_is_no_number_is_not_valid(text: str) -> None:
    assert not is_valid_number(text)


def test_a_code_survives_being_read_aloud_and_typed() -> None:
    code = new_code()
    assert len(code) == CODE_LENGTH
    assert new_code() != code
    assert clean_code(code) == code
    assert clean_code(grouped(code).lower()) == code
    assert clean_code(f"  {grouped(code).replace(' ', '-')}\n") == code


def test_look_alikes_are_forgiven() -> None:
    code = "OIB" + "A" * 23
    assert clean_code("018" + "a" * 23) == code


@pytest.mark.parametrize(
    "typed", ["", "A", "A" * 25, "A" * 27, "9" + "A" * 25, "é" * 26, "../etc/passwd", "A" * 9999]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert clean_code(typed) is None


def test_an_address_holds_the_plain_characters_of_what_was_typed() -> None:
    assert plain_code("ab/cd é?9") == "ABCD9"
    assert plain_code("é / ?") == ""
    assert len(plain_code("A" * 9999)) == 2 * CODE_LENGTH
