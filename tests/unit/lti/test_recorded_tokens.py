"""The id_tokens of a real Moodle 4.5.6: they verify, and no byte of them can change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lti_tool.lti.claims import LaunchMessage, read_message
from lti_tool.lti.errors import LtiRefused, TokenDoubtful
from lti_tool.lti.validation import check_registered_claims, digest, signed_claims, token_kid
from lti_tool.people.models import CourseRole

RECORDINGS = Path(__file__).parents[2] / "recordings" / "4.5" / "lti"
TOOL = "http://tool.localhost:8000"
LAUNCHES = sorted(
    path.stem
    for path in RECORDINGS.glob("launch-*.json")
    if "authentication_response" in json.loads(path.read_text())
)


def recording(name: str) -> dict[str, Any]:
    return json.loads((RECORDINGS / f"{name}.json").read_text())


def platform_keys() -> dict[str, Any]:
    [exchange] = recording("certs")["exchanges"]
    return {key["kid"]: key for key in exchange["response"]["body"]["keys"]}


def read(name: str, token: str | None = None) -> LaunchMessage:
    """Verify a recorded launch as on the day it was made."""
    recorded = recording(name)
    token = token or recorded["authentication_response"]["params"]["id_token"]
    key = platform_keys().get(token_kid(token))
    if key is None:
        raise LookupError("the changed header names another key")
    claims = signed_claims(token, key)
    check_registered_claims(
        claims,
        issuer=recorded["third_party_login"]["params"]["iss"],
        client_id=recorded["third_party_login"]["params"]["client_id"],
        nonce_hash=digest(recorded["authentication_request"]["nonce"]),
        now=datetime.fromtimestamp(recorded["id_token_claims"]["iat"] + 5, UTC),
    )
    return read_message(claims, base_url=TOOL)


[KEY] = platform_keys().values()
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_there_are_recordings_of_learners_trainers_and_an_administrator() -> None:
    assert {"launch-learner", "launch-trainer", "launch-admin", "launch-partner-lead"} <= set(
        LAUNCHES
    )


@pytest.mark.parametrize("name", LAUNCHES)
def test_a_recorded_launch_verifies_with_the_clock_set_back(name: str) -> None:
    claims = recording(name)["id_token_claims"]

    message = read(name)

    assert message.subject == claims["sub"]
    assert str(message.course_moodle_id) in ("2", "16")
    assert message.course_idnumber in ("RMP-ADL-01", "RMP-ADL-14")


def test_a_recorded_launch_is_refused_today() -> None:
    recorded = recording("launch-learner")
    token = recorded["authentication_response"]["params"]["id_token"]
    claims = signed_claims(token, platform_keys()[token_kid(token)])

    with pytest.raises(LtiRefused) as refused:
        check_registered_claims(
            claims,
            issuer=claims["iss"],
            client_id=claims["aud"],
            nonce_hash=digest(claims["nonce"]),
            now=datetime.fromtimestamp(claims["exp"] + 31, UTC),
        )

    assert refused.value.code == "LTI-EXPIRED"


def id_token(name: str) -> str:
    return str(recording(name)["authentication_response"]["params"]["id_token"])


def refused(token: str) -> bool:
    """Whether the door refuses a text, even with the recorded key, whatever key it names."""
    try:
        token_kid(token)
        signed_claims(token, KEY)
    except TokenDoubtful:
        return True
    return False


def accepted_changes(token: str, changed: Iterable[str]) -> list[str]:
    """The changed texts that pass, which should be none; the token itself does."""
    assert not refused(token)
    return [text for text in changed if text == token or not refused(text)]


@pytest.mark.parametrize("name", LAUNCHES)
def test_no_letter_of_a_recorded_token_can_become_another(name: str) -> None:
    """Every position of every token; by how much the letter changes moves on from one to the next."""
    token = id_token(name)

    def changed() -> Iterator[str]:
        for position, letter in enumerate(token):
            place = ALPHABET.find(letter)
            other = ALPHABET[(place + 1 + position % 63) % 64] if place >= 0 else ALPHABET[0]
            yield token[:position] + other + token[position + 1 :]

    assert accepted_changes(token, changed()) == []


@pytest.mark.parametrize("name", LAUNCHES)
def test_no_bit_of_a_recorded_token_can_be_turned(name: str) -> None:
    """At every position of every token; another of the eight bits from one token to the next."""
    token, first = id_token(name), LAUNCHES.index(name)

    def changed() -> Iterator[str]:
        for position, letter in enumerate(token):
            turned = chr(ord(letter) ^ (1 << (position + first) % 8))
            yield token[:position] + turned + token[position + 1 :]

    assert accepted_changes(token, changed()) == []


@pytest.mark.parametrize("name", LAUNCHES)
def test_the_unused_bits_of_the_last_letters_cannot_change_either(name: str) -> None:
    """Base64url ignores them; one token has one text all the same, in each of its three parts."""
    token = id_token(name)
    ends = [position - 1 for position, letter in enumerate(token) if letter == "."]

    changed = (
        token[:end] + letter + token[end + 1 :]
        for end in (*ends, len(token) - 1)
        for letter in ALPHABET
        if letter != token[end]
    )

    assert accepted_changes(token, changed) == []


@pytest.mark.parametrize("name", LAUNCHES)
def test_nothing_can_be_put_into_a_recorded_token_nor_taken_out_of_it(name: str) -> None:
    token = id_token(name)
    places = [*range(0, len(token), 97), *(at for at, sign in enumerate(token) if sign == ".")]

    def changed() -> Iterator[str]:
        for at in (*places, len(token)):
            yield token[:at] if at < len(token) else ""
            for sign in "A.=\n %\0é":
                yield token[:at] + sign + token[at:]
        for at in places:
            yield token[:at] + token[at + 1 :]

    assert accepted_changes(token, changed()) == []


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("launch-learner", CourseRole.LEARNER),
        ("launch-trainer", CourseRole.TRAINER),
        ("launch-admin", CourseRole.TRAINER),
        ("launch-partner-lead", CourseRole.TRAINER),
    ],
)
def test_moodle_roles_become_roles_of_the_course(name: str, role: CourseRole) -> None:
    assert read(name).role is role


@pytest.mark.parametrize("name", ["launch-submission-review", "launch-learner-two-lineitems"])
def test_messages_recorded_without_their_token_are_read(name: str) -> None:
    claims = recording(name)["id_token_claims"]

    assert read_message(claims, base_url=TOOL).subject == claims["sub"]


def test_names_are_composed_and_plain() -> None:
    assert read("launch-learner-decomposed").full_name == "Ndèye Coumba Fictive-Sénéchal"
    assert read("launch-learner-ampersand").full_name == "Séverine Fictive & Fils"
    assert read("launch-learner-apostrophe").full_name == "O’Neill Fictif"
    assert read("launch-learner-nonlatin").full_name == "أحمد خيالي"


def test_an_empty_idnumber_is_no_idnumber() -> None:
    assert read("launch-learner-no-idnumber").person_idnumber == ""
    assert read("launch-learner").person_idnumber == "ADH-2026-001"
