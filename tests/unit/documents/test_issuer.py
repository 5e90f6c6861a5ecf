"""The issuer's registration numbers: only numbers that hold together are printed."""

from __future__ import annotations

import pytest

from lti_tool.documents import Issuer, IssuerIdentityError, is_valid_french_vat, is_valid_siret


@pytest.mark.parametrize("number", ["88970325200011", "889 703 252 00011", "73282932000074"])
def test_a_true_siret_is_accepted(number: str) -> None:
    assert is_valid_siret(number)


@pytest.mark.parametrize(
    "number",
    ["", "88970325200012", "88970325300011", "8897032520001", "8897032520001A", "٨٨٩٧٠٣٢٥٢٠٠٠١١"],
)
def test_a_siret_with_a_wrong_digit_length_or_script_is_refused(number: str) -> None:
    assert not is_valid_siret(number)


def test_a_siret_is_refused_when_only_its_company_part_is_wrong() -> None:
    # 889703250 fails Luhn; the whole passes.
    assert not is_valid_siret("88970325000013")


@pytest.mark.parametrize("number", ["FR53889703252", "fr 53 889 703 252"])
def test_a_true_french_vat_number_is_accepted(number: str) -> None:
    assert is_valid_french_vat(number)


@pytest.mark.parametrize(
    "number", ["", "FR54889703252", "BE53889703252", "FR5388970325", "FRXX889703252"]
)
def test_a_false_french_vat_number_is_refused(number: str) -> None:
    assert not is_valid_french_vat(number)


def test_an_issuer_with_a_false_siret_prints_nothing() -> None:
    with pytest.raises(IssuerIdentityError):
        Issuer(name="Association d’exemple", siret="88970325200012")


def test_a_siret_and_a_vat_number_of_two_companies_do_not_make_one_issuer() -> None:
    with pytest.raises(IssuerIdentityError, match="two companies"):
        Issuer(name="Association d’exemple", siret="73282932000074", vat_number="FR53889703252")


def test_an_issuer_of_another_country_needs_no_french_number() -> None:
    assert Issuer(name="Association d’exemple").siret == ""


def test_the_siret_is_printed_in_readable_groups() -> None:
    assert Issuer(name="A", siret="88970325200011").siret_grouped == "889 703 252 00011"
