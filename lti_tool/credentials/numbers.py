"""Numbers and verification codes of certificates. Pure but for the random source."""

from __future__ import annotations

import base64
import secrets

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE_LENGTH = 26
_CODE_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
# What people read as another character; the code's own alphabet has no 0, 1, 8 or 9.
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B", " ": None, "-": None})


def certificate_number(year: int, domain_number: int, serial: int) -> str:
    """Return ``ADL-AAAA-DD-NNNNNN-C``; C is the check character of the rest (ISO 7064 MOD 37,36)."""
    body = f"ADL-{year:04d}-{domain_number:02d}-{serial:06d}"
    return f"{body}-{check_character(body)}"


def check_character(text: str) -> str:
    """Return the ISO 7064 MOD 37,36 check character of the letters and digits of ``text``."""
    product = 36
    for character in text.upper():
        if character not in ALPHABET:
            continue
        product = (product + ALPHABET.index(character)) % 36 or 36
        product = product * 2 % 37
    return ALPHABET[(37 - product) % 36]


def is_valid_number(number: str) -> bool:
    """Whether the check character of a certificate number is right."""
    body, _, check = number.strip().upper().rpartition("-")
    return bool(body) and check == check_character(body)


def new_code() -> str:
    """Return a verification code: 128 random bits in base32, 26 characters."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def clean_code(typed: str) -> str | None:
    """Return the code that a person typed or pasted, None when it cannot be one.

    Spaces, hyphens and case are forgiven, and characters that look alike.
    """
    code = typed.strip().upper().translate(_MISREAD)
    return code if len(code) == CODE_LENGTH and set(code) <= _CODE_ALPHABET else None


def grouped(code: str) -> str:
    """Return the code in groups of four, as people read it aloud."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def plain_code(typed: str) -> str:
    """Return the letters and digits of what was typed, as much as an address may hold of it."""
    return "".join(one for one in typed.upper() if one in ALPHABET)[: 2 * CODE_LENGTH]
