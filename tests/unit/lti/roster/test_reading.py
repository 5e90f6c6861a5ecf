"""Every recorded roster, read into members; what is no roster is refused whole."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import fields

import pytest

from lti_tool.lti.roster.errors import RosterUnfit
from lti_tool.lti.roster.reading import RosterMember, members_of, short_roles
from lti_tool.lti.services.errors import ServiceAnswerUnfit
from lti_tool.lti.services.wire import Answer
from tests.contract.demo.recordings import names, recording
from tests.unit.lti.services.recorded import recorded_answer, recorded_answers

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
REFUSED = {name for name in names("lti", "nrps") if "-error-" in name} | {"nrps-v1"}


def container(*members: object) -> Answer:
    return Answer(200, json.dumps({"members": members}).encode())


@pytest.mark.parametrize("name", sorted(set(names("lti", "nrps")) - REFUSED))
def test_every_member_of_a_recorded_page_is_read(name: str) -> None:
    for answer, exchanged in zip(
        recorded_answers(name), recording("lti", name)["exchanges"], strict=True
    ):
        told = exchanged["response"]["body"]["members"]
        read = list(members_of(answer))
        assert [member.subject for member in read] == [member["user_id"] for member in told]
        assert all(member.roles in (("Learner",), ("Instructor",)) for member in read)
        assert all(member.full_name for member in read)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_recorded_error_is_no_roster(name: str) -> None:
    with pytest.raises(RosterUnfit):
        list(members_of(recorded_answer(name)))


def test_an_escaped_name_becomes_plain() -> None:
    told = {member.subject: member for member in members_of(recorded_answer("nrps"))}
    assert any("&" in member.full_name for member in told.values())
    assert not any("&amp;" in member.full_name for member in told.values())
    assert any(member.full_name.startswith("X Æ") for member in told.values())


def test_names_in_other_scripts_are_kept_and_composed() -> None:
    written = [member.full_name for member in members_of(recorded_answer("nrps"))]
    assert any("\u0600" <= sign <= "\u06ff" for name in written for sign in name)
    [member] = members_of(container({"user_id": "4", "roles": [], "name": "Ame\u0301lie"}))
    assert member.full_name == "Am\u00e9lie"


def test_a_name_without_end_is_cut_before_it_is_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    composed: list[int] = []
    monkeypatch.setattr(
        unicodedata, "normalize", lambda _form, text: composed.append(len(text)) or text[:300]
    )
    sent = {"members": [{"user_id": "1", "roles": [], "name": "a" + "\u0301" * 10_000}]}

    list(members_of(Answer(200, json.dumps(sent).encode())))

    assert max(composed) <= 2000


def test_the_address_of_nobody_is_kept() -> None:
    assert {field.name for field in fields(RosterMember)} == {
        "subject",
        "roles",
        "full_name",
        "given_name",
        "idnumber",
    }
    assert all("@" not in repr(member) for member in members_of(recorded_answer("nrps")))


@pytest.mark.parametrize(
    ("roles", "short"),
    [
        (["Learner"], ("Learner",)),
        ([f"{MEMBERSHIP}#Instructor"], ("Instructor",)),
        ([f"{MEMBERSHIP}/Learner#Instructor"], ("Learner",)),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"], ()),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"], ()),
        (["Learner", f"{MEMBERSHIP}#Learner", 7, None, ""], ("Learner",)),
    ],
)
def test_roles_are_short_names_of_the_course_only(
    roles: list[object], short: tuple[str, ...]
) -> None:
    assert short_roles(roles) == short


def test_who_is_not_active_is_not_there() -> None:
    answer = container(
        {"user_id": "1", "roles": ["Learner"], "status": "Inactive"},
        {"user_id": "2", "roles": ["Learner"], "status": "Deleted"},
        {"user_id": 3, "roles": ["Learner"]},
    )
    assert [member.subject for member in members_of(answer)] == ["3"]


def test_a_platform_that_shares_no_name_gives_numbers_only() -> None:
    assert list(members_of(container({"user_id": "12", "roles": ["Learner"]}))) == [
        RosterMember("12", ("Learner",))
    ]


@pytest.mark.parametrize(
    "member",
    [{}, {"user_id": ""}, {"user_id": None}, {"user_id": True}, {"user_id": "a\0"}, "x", [], None],
)
def test_one_member_that_cannot_be_read_refuses_the_whole_list(member: object) -> None:
    with pytest.raises(RosterUnfit):
        list(members_of(container({"user_id": "1", "roles": []}, member)))


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"members": {}}', b'{"members": null}'])
def test_what_is_no_container_is_refused(body: bytes) -> None:
    with pytest.raises(RosterUnfit):
        list(members_of(Answer(200, body)))


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(ServiceAnswerUnfit):
        list(members_of(Answer(200, b"<html>")))
