"""Authentic tokens that may not enter all the same: rows 13, 14, 16 and 22 to 24, through the door."""

from __future__ import annotations

from typing import Any

import pytest

from lti_tool import clock
from tests.security.forge import Door, launch_claims, refused_with, sign

VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2"

UNFIT: list[tuple[str, dict[str, Any], str]] = [
    ("no end", {"exp": None}, "CLAIM-MISSING"),
    ("no beginning", {"iat": None}, "CLAIM-MISSING"),
    ("no nonce", {"nonce": None}, "CLAIM-MISSING"),
    ("no issuer", {"iss": None}, "CLAIM-MISSING"),
    ("no audience", {"aud": None}, "CLAIM-MISSING"),
    ("an end in words", {"exp": "demain"}, "CLAIM-TYPE"),
    ("nobody", {"sub": None}, "ANONYMOUS"),
    ("version 1.1", {"version": "LTI-1p0"}, "VERSION"),
    ("no version", {"version": None}, "VERSION"),
    ("another message", {"message_type": "LtiStartProctoring"}, "MESSAGE-TYPE"),
    ("deep linking without settings", {"message_type": "LtiDeepLinkingRequest"}, "MESSAGE"),
    ("a review of nobody", {"message_type": "LtiSubmissionReviewRequest"}, "MESSAGE"),
    ("roles a text", {"roles": f"{VOCABULARY}/membership#Instructor"}, "ROLES"),
    ("no roles", {"roles": None}, "ROLES"),
    ("resource link a text", {"resource_link": "1"}, "RESOURCE-LINK"),
    ("no course", {"context": None}, "CONTEXT"),
    ("a foreign target", {"target_link_uri": "https://evil.test/"}, "TARGET-CLAIM"),
    ("no target", {"target_link_uri": None}, "TARGET-CLAIM"),
    (
        "an administrator of the institution",
        {"roles": [f"{VOCABULARY}/institution/person#Administrator"]},
        "NO-COURSE-ROLE",
    ),
    (
        "a teacher of the institution",
        {"roles": [f"{VOCABULARY}/institution/person#Instructor"]},
        "NO-COURSE-ROLE",
    ),
]


@pytest.mark.parametrize(
    ("changes", "code"), [row[1:] for row in UNFIT], ids=[row[0] for row in UNFIT]
)
def test_an_authentic_token_that_is_unfit_does_not_enter(
    standing_door: Door, changes: dict[str, Any], code: str
) -> None:
    assert refused_with(standing_door.launch(changes), f"LTI-{code}")


@pytest.mark.parametrize(
    ("made", "ends", "code"),
    [
        (-120, -60, "EXPIRED"),
        (60, 120, "NOT-YET"),
        (-3600, 60, "TOO-OLD"),
        (0, 7200, "LIFETIME"),
        (0, 100 * 365 * 86400, "LIFETIME"),
    ],
)
def test_a_token_of_another_moment_does_not_enter(
    standing_door: Door, made: int, ends: int, code: str
) -> None:
    state, nonce = standing_door.login()
    now = int(clock.now().timestamp())
    times = {"iat": now + made, "exp": now + ends}

    answer = standing_door.post(state, sign(launch_claims(clock.now(), nonce, times)))

    assert refused_with(answer, f"LTI-{code}")
