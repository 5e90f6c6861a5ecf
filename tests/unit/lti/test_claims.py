"""What a launch message may say, and how names are kept."""

from __future__ import annotations

from typing import Any

import pytest

from lti_tool.lti.claims import LaunchMessage, plain_text, read_message
from lti_tool.lti.errors import LtiRefused
from tests.security.forge import BASE_URL, INSTRUCTOR, LEARNER, launch_claims
from tests.unit.lti.test_validation import NOW


def read(**changes: Any) -> LaunchMessage:
    return read_message(launch_claims(NOW, "une-fois", changes), base_url=BASE_URL)


def refusal(**changes: Any) -> str:
    with pytest.raises(LtiRefused) as refused:
        read(**changes)
    return refused.value.code


def test_a_message_of_moodle_is_read_whole() -> None:
    message = read()

    assert (message.subject, message.deployment_id, str(message.role)) == ("41", "1", "learner")
    assert (message.course_moodle_id, message.course_idnumber) == (2, "RMP-ADL-01")
    assert message.course_shortname == "ADL-01 Communication"
    assert (message.full_name, message.given_name) == ("Séverine Fictive & Fils", "Séverine")
    assert message.person_idnumber == "ADH-2026-039"


@pytest.mark.parametrize("version", [None, "1.3", "1.1", "LTI-1p0", 1.3, ["1.3.0"]])
def test_another_version_is_refused(version: object) -> None:
    assert refusal(version=version) == "LTI-VERSION"


@pytest.mark.parametrize(
    "kind",
    [None, "", "LtiDeepLinkingResponse", "DataPrivacyLaunchRequest", "LtiStartProctoring", 1, []],
)
def test_a_message_type_that_opens_no_course_is_refused(kind: object) -> None:
    assert refusal(message_type=kind) == "LTI-MESSAGE-TYPE"


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://evil.test/lti/launch",
        f"{BASE_URL}.evil.test/lti/launch",
        f"{BASE_URL}@evil.test/lti/launch",
        f"{BASE_URL}/lti/launch?next=https://evil.test",
        f"{BASE_URL}/lti/launch/../../quitter",
        f"{BASE_URL}\\@evil.test/lti/launch",
        "javascript:alert(1)",
        "/lti/launch",
        [f"{BASE_URL}/lti/launch"],
    ],
)
def test_a_target_that_is_not_ours_is_refused(target: object) -> None:
    assert refusal(target_link_uri=target) == "LTI-TARGET-CLAIM"


@pytest.mark.parametrize("roles", [None, LEARNER, {LEARNER: True}, [1], [LEARNER, None], 3])
def test_roles_must_be_a_list_of_texts(roles: object) -> None:
    assert refusal(roles=roles) == "LTI-ROLES"


@pytest.mark.parametrize(
    "roles",
    [[], ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"], ["Mentor"]],
)
def test_somebody_without_a_role_in_the_course_does_not_enter(roles: list[str]) -> None:
    assert refusal(roles=roles) == "LTI-NO-COURSE-ROLE"


@pytest.mark.parametrize("link", [None, "1", [], {}, {"id": ""}, {"id": 1}, {"id": "x" * 256}])
def test_a_resource_link_must_be_an_object_with_an_identifier(link: object) -> None:
    assert refusal(resource_link=link) == "LTI-RESOURCE-LINK"


@pytest.mark.parametrize(
    "context",
    [
        None,
        "2",
        [],
        {},
        {"id": 2},
        {"id": ""},
        {"id": "deux"},
        {"id": "-2"},
        {"id": "02"},
        {"id": "٢"},
        {"id": "2 "},
        {"id": "2147483648"},
        {"id": "9" * 400},
    ],
)
def test_a_course_is_known_by_moodle_s_number(context: object) -> None:
    assert refusal(context=context) == "LTI-CONTEXT"


@pytest.mark.parametrize("subject", [41, "x" * 256, "4\x001", "\ud800", "4\n1", ["41"]])
def test_a_subject_that_cannot_be_kept_as_it_is_is_refused(subject: object) -> None:
    assert refusal(sub=subject) == "LTI-CLAIM-TYPE"


def test_a_review_of_a_submission_opens_the_course_of_its_trainer() -> None:
    message = read(
        message_type="LtiSubmissionReviewRequest",
        roles=[INSTRUCTOR],
        for_user={"user_id": "3"},
        **{"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {"lineitem": "http://x"}},
    )

    assert str(message.role) == "trainer"


@pytest.mark.parametrize("for_user", [None, "3", {}, []])
def test_a_review_must_say_of_whom(for_user: object) -> None:
    claims = {
        "message_type": "LtiSubmissionReviewRequest",
        "for_user": for_user,
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {"lineitem": "http://x"},
    }

    assert refusal(**claims) == "LTI-MESSAGE"


@pytest.mark.parametrize("endpoint", [None, 3, "lineitems", [], True])
def test_a_review_must_name_its_column(endpoint: object) -> None:
    claims = {
        "message_type": "LtiSubmissionReviewRequest",
        "for_user": {"user_id": "3"},
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": endpoint,
    }

    assert refusal(**claims) == "LTI-MESSAGE"


def test_a_launch_that_shares_no_name_has_none() -> None:
    message = read(name=None, given_name=None, family_name=None, lis=None)

    assert (message.full_name, message.given_name, message.person_idnumber) == ("", "", "")


def test_a_name_is_made_of_its_parts_when_it_is_not_given_whole() -> None:
    assert read(name=None).full_name == "Séverine Fictive & Fils"


@pytest.mark.parametrize("name", [1, ["Awa"], {"fr": "Awa"}, True])
def test_a_name_that_is_no_text_is_no_name(name: object) -> None:
    assert read(name=name, given_name=name, family_name=name).full_name == ""


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Nde\u0300ye", "Ndèye"),
        ("  Awa \n\t Fictive ", "Awa Fictive"),
        ("Awa\x00Fictive", "Awa Fictive"),
        ("Awa \u202eevitciF", "Awa evitciF"),
        ("Awa\ud800", "Awa"),
        ("أحمد خيالي", "أحمد خيالي"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("x" * 400, "x" * 300),
    ],
)
def test_names_are_composed_on_one_line_and_never_reorder_the_page(given: str, kept: str) -> None:
    assert plain_text(given, 300) == kept


def test_the_e_mail_address_is_not_even_read() -> None:
    assert "example.test" in launch_claims(NOW, "une-fois")["email"]
    assert "example.test" not in str(read())
