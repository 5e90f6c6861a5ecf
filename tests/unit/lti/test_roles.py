"""Roles that open a course, and those that must not."""

from __future__ import annotations

import pytest

from lti_tool.lti.roles import course_role
from lti_tool.people.models import CourseRole

VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2"


@pytest.mark.parametrize(
    "role",
    [
        f"{VOCABULARY}/membership#Instructor",
        f"{VOCABULARY}/membership/Instructor#TeachingAssistant",
        f"{VOCABULARY}/membership/Instructor#Grader",
        "Instructor",
    ],
)
def test_an_instructor_of_the_context_is_a_trainer(role: str) -> None:
    assert course_role([role]) is CourseRole.TRAINER


@pytest.mark.parametrize(
    "role",
    [
        f"{VOCABULARY}/membership#Learner",
        f"{VOCABULARY}/membership/Learner#Instructor",
        f"{VOCABULARY}/membership/Learner#GuestLearner",
        "Learner",
    ],
)
def test_a_learner_of_the_context_is_a_learner_whatever_the_sub_role(role: str) -> None:
    assert course_role([role]) is CourseRole.LEARNER


@pytest.mark.parametrize(
    "role",
    [
        f"{VOCABULARY}/institution/person#Instructor",
        f"{VOCABULARY}/institution/person#Administrator",
        f"{VOCABULARY}/institution/person#Faculty",
        f"{VOCABULARY}/system/person#Administrator",
        f"{VOCABULARY}/system/person#SysAdmin",
        "http://purl.imsglobal.org/vocab/lti/system/person#TestUser",
        f"{VOCABULARY}/person#Administrator",
        f"{VOCABULARY}/membership#Administrator",
        f"{VOCABULARY}/membership#ContentDeveloper",
        f"{VOCABULARY}/membership#Mentor",
        f"{VOCABULARY}/membership/Mentor#Instructor",
        f"{VOCABULARY}/membership#Instructor#Learner",
        f"{VOCABULARY}/membership#instructor",
        f"{VOCABULARY}/membership#Instructor ",
        f"{VOCABULARY}/membership#Instructor\n",
        f"https://evil.test/?{VOCABULARY}/membership#Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/membershipX#Instructor",
        "instructor",
        "",
    ],
)
def test_no_other_role_opens_a_course(role: str) -> None:
    assert course_role([role]) is None


def test_an_administrator_of_moodle_is_a_trainer_by_the_context_role_alone() -> None:
    roles = [
        f"{VOCABULARY}/institution/person#Administrator",
        f"{VOCABULARY}/membership#Instructor",
        f"{VOCABULARY}/system/person#Administrator",
    ]

    assert course_role(roles) is CourseRole.TRAINER
    assert course_role([roles[0], roles[2]]) is None


def test_an_institution_administrator_who_learns_in_the_course_is_a_learner() -> None:
    roles = [f"{VOCABULARY}/institution/person#Administrator", f"{VOCABULARY}/membership#Learner"]

    assert course_role(roles) is CourseRole.LEARNER


def test_somebody_who_teaches_and_learns_in_the_course_is_a_trainer() -> None:
    assert course_role(["Learner", "Instructor"]) is CourseRole.TRAINER


def test_no_role_at_all_opens_nothing() -> None:
    assert course_role([]) is None
