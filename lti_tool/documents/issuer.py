"""The identity block of the organisation that signs a document (R012).

Owns the registration numbers of a French organisation and their checks: SIRET by Luhn's key, VAT
number by its own key. Other countries' profiles leave those two numbers empty.
"""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.documents.errors import IssuerIdentityError

_SIREN_LENGTH = 9
_SIRET_LENGTH = 14
_VAT_LENGTH = 13
_DOUBLED_DIGIT_MAX = 9


def _has_luhn_key(digits: str) -> bool:
    total = 0
    for position, character in enumerate(reversed(digits)):
        digit = int(character)
        if position % 2:
            digit *= 2
            if digit > _DOUBLED_DIGIT_MAX:
                digit -= 9
        total += digit
    return total % 10 == 0


def _is_ascii_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def is_valid_siret(number: str) -> bool:
    """Return whether ``number`` is a SIRET: 14 digits whose SIREN and whole pass Luhn's check.

    Spaces are ignored. The post offices of La Poste, which follow another key, are refused.
    """
    digits = "".join(number.split())
    return (
        len(digits) == _SIRET_LENGTH
        and _is_ascii_number(digits)
        and _has_luhn_key(digits[:_SIREN_LENGTH])
        and _has_luhn_key(digits)
    )


def is_valid_french_vat(number: str) -> bool:
    """Return whether ``number`` is a French VAT number with a numeric key.

    ``FR`` + key of two digits + SIREN, with key = (12 + 3 × (SIREN mod 97)) mod 97. Spaces are
    ignored. The rare keys that hold letters are refused.
    """
    compact = "".join(number.split()).upper()
    if len(compact) != _VAT_LENGTH or not compact.startswith("FR"):
        return False
    key, siren = compact[2:4], compact[4:]
    if not (_is_ascii_number(key) and _is_ascii_number(siren) and _has_luhn_key(siren)):
        return False
    return int(key) == (12 + 3 * (int(siren) % 97)) % 97


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues the document, as printed on it.

    Args:
        name: legal or usual name.
        tagline: what the organisation is, one line; may be empty.
        address: postal address on one line; may be empty.
        siret: French establishment number, empty for an organisation that has none.
        vat_number: French VAT number, empty when none.
        naf: activity code, empty when none.

    Raises:
        IssuerIdentityError: the name is empty, a number fails its check, or the two numbers name
            two different companies.
    """

    name: str
    tagline: str = ""
    address: str = ""
    siret: str = ""
    vat_number: str = ""
    naf: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise IssuerIdentityError("issuer name is empty")
        if self.siret and not is_valid_siret(self.siret):
            raise IssuerIdentityError("issuer SIRET fails its check")
        if self.vat_number and not is_valid_french_vat(self.vat_number):
            raise IssuerIdentityError("issuer VAT number fails its check")
        if self.siret and self.vat_number and self.siren != self.vat_siren:
            raise IssuerIdentityError("issuer SIRET and VAT number name two companies")

    @property
    def siren(self) -> str:
        """The company's nine digits, read from the SIRET."""
        return "".join(self.siret.split())[:_SIREN_LENGTH]

    @property
    def vat_siren(self) -> str:
        """The company's nine digits, read from the VAT number."""
        return "".join(self.vat_number.split())[-_SIREN_LENGTH:]

    @property
    def siret_grouped(self) -> str:
        """The SIRET as it is read aloud: ``889 703 252 00011``."""
        digits = "".join(self.siret.split())
        return " ".join(part for part in (digits[:3], digits[3:6], digits[6:9], digits[9:]) if part)
