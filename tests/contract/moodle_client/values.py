"""What each typed field must say, given what Moodle wrote: written apart from the models."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import moodle_client as m

Raw = Mapping[str, Any]
Rule = Callable[[Raw], Any]


def same(key: str) -> Rule:
    """The value itself, None when absent."""
    return lambda raw: raw.get(key)


def yes(key: str) -> Rule:
    """True or false, written either way; None when unknown."""
    return lambda raw: None if raw.get(key) is None else raw[key] in (1, True)


def number(key: str) -> Rule:
    """An exact number."""
    return lambda raw: None if raw.get(key) is None else Decimal(str(raw[key]))


def composed(key: str) -> Rule:
    """A name with composed accents."""
    return lambda raw: None if raw.get(key) is None else unicodedata.normalize("NFC", raw[key])


def unescaped(key: str) -> Rule:
    """A name that Moodle escaped."""
    return lambda raw: None if raw.get(key) is None else html.unescape(raw[key])


def moment(key: str) -> Rule:
    """A moment; 0 is never."""
    return lambda raw: datetime.fromtimestamp(raw[key], UTC) if raw.get(key) else None


def count(key: str) -> Rule:
    """A number without fraction, whatever its writing."""
    return lambda raw: None if raw.get(key) is None else int(raw[key])


def each(key: str) -> Rule:
    """The objects of a list, to be compared one by one."""
    return lambda raw: list(raw.get(key) or [])


def inner(*path: str) -> Rule:
    """The object at the end of a path."""

    def walk(raw: Raw) -> Any:
        for key in path:
            raw = raw[key]
        return raw

    return walk


ANY = object()
"""A field whose value is checked by name in a test of its own."""

RULES: dict[type, dict[str, Any]] = {
    m.SiteInfo: {
        "site_name": unescaped("sitename"),
        "site_url": same("siteurl"),
        "release": same("release"),
        "version": same("version"),
        "user_id": same("userid"),
        "username": same("username"),
        "user_fullname": composed("fullname"),
        "language": same("lang"),
        "is_site_admin": yes("userissiteadmin"),
        "functions": lambda raw: frozenset(item["name"] for item in raw["functions"]),
    },
    m.Course: {
        "id": same("id"),
        "shortname": unescaped("shortname"),
        "fullname": unescaped("fullname"),
        "category_id": same("categoryid"),
        "category_name": unescaped("categoryname"),
        "idnumber": same("idnumber"),
        "visible": yes("visible"),
        "summary": same("summary"),
        "format": same("format"),
        "starts_at": moment("startdate"),
        "ends_at": moment("enddate"),
        "language": same("lang"),
        "group_mode": same("groupmode"),
        "shows_grades": yes("showgrades"),
        "completion_enabled": yes("enablecompletion"),
        "contacts": each("contacts"),
    },
    m.Contact: {"id": same("id"), "fullname": composed("fullname")},
    m.UserCourse: {
        "id": same("id"),
        "shortname": unescaped("shortname"),
        "fullname": unescaped("fullname"),
        "idnumber": same("idnumber"),
        "category_id": same("category"),
        "visible": yes("visible"),
        "enrolled_count": same("enrolledusercount"),
        "progress": number("progress"),
        "completed": yes("completed"),
        "has_criteria": yes("completionhascriteria"),
        "last_access_at": moment("lastaccess"),
    },
    m.Category: {
        "id": same("id"),
        "name": unescaped("name"),
        "parent_id": same("parent"),
        "idnumber": same("idnumber"),
        "course_count": same("coursecount"),
        "path": same("path"),
    },
    m.Section: {
        "id": same("id"),
        "number": same("section"),
        "name": unescaped("name"),
        "visible": yes("visible"),
        "activities": each("modules"),
    },
    m.Activity: {
        "cmid": same("id"),
        "name": unescaped("name"),
        "module": same("modname"),
        "instance": same("instance"),
        "visible": yes("visible"),
        "url": same("url"),
        "completion": lambda raw: (
            {
                **raw["completiondata"],
                "cmid": raw["id"],
                "modname": raw["modname"],
                "instance": raw["instance"],
                "tracking": raw["completion"],
            }
            if "completiondata" in raw
            else None
        ),
    },
    m.ActivityCompletion: {
        "cmid": same("cmid"),
        "module": same("modname"),
        "instance": same("instance"),
        "state": same("state"),
        "completed_at": moment("timecompleted"),
        "tracking": same("tracking"),
        "override_by": same("overrideby"),
        "is_tracked_user": yes("istrackeduser"),
        "is_overall_complete": yes("isoverallcomplete"),
        "rules": each("details"),
    },
    m.CompletionRule: {"name": same("rulename"), "status": inner("rulevalue", "status")},
    m.CourseCompletion: {
        "completed": inner("completionstatus", "completed"),
        "aggregation": inner("completionstatus", "aggregation"),
        "criteria": inner("completionstatus", "completions"),
    },
    m.CompletionCriterion: {
        "type": same("type"),
        "complete": yes("complete"),
        "completed_at": moment("timecompleted"),
        "title": same("title"),
        "status": same("status"),
        "requirement": inner("details", "requirement"),
    },
    m.User: {
        "id": same("id"),
        "fullname": composed("fullname"),
        "firstname": composed("firstname"),
        "lastname": composed("lastname"),
        "username": same("username"),
        "email": same("email"),
        "idnumber": same("idnumber"),
        "suspended": yes("suspended"),
        "language": same("lang"),
        "city": composed("city"),
        "country": same("country"),
        "last_access_at": moment("lastaccess"),
    },
    m.EnrolledUser: {
        "id": same("id"),
        "fullname": composed("fullname"),
        "firstname": composed("firstname"),
        "lastname": composed("lastname"),
        "username": same("username"),
        "email": same("email"),
        "idnumber": same("idnumber"),
        "city": composed("city"),
        "country": same("country"),
        "last_course_access_at": moment("lastcourseaccess"),
        "roles": each("roles"),
        "groups": each("groups"),
    },
    m.Role: {"id": same("roleid"), "shortname": same("shortname"), "name": composed("name")},
    m.GroupRef: {"id": same("id"), "name": unescaped("name")},
    m.Cohort: {
        "id": same("id"),
        "name": composed("name"),
        "idnumber": same("idnumber"),
        "description": same("description"),
        "visible": yes("visible"),
    },
    m.CohortMembers: {"cohort_id": same("cohortid"), "user_ids": lambda r: tuple(r["userids"])},
    m.Group: {
        "id": same("id"),
        "course_id": same("courseid"),
        "name": unescaped("name"),
        "idnumber": same("idnumber"),
    },
    m.GroupMembers: {"group_id": same("groupid"), "user_ids": lambda r: tuple(r["userids"])},
    m.UserGrades: {
        "course_id": same("courseid"),
        "course_idnumber": same("courseidnumber"),
        "user_id": same("userid"),
        "user_fullname": composed("userfullname"),
        "user_idnumber": same("useridnumber"),
        "items": each("gradeitems"),
    },
    m.GradeItem: {
        "id": same("id"),
        "name": composed("itemname"),
        "type": same("itemtype"),
        "module": same("itemmodule"),
        "instance": same("iteminstance"),
        "number": same("itemnumber"),
        "idnumber": same("idnumber"),
        "category_id": same("categoryid"),
        "cmid": same("cmid"),
        "outcome_id": same("outcomeid"),
        "final": number("graderaw"),
        "minimum": number("grademin"),
        "maximum": number("grademax"),
        "weight": number("weightraw"),
        "hidden": yes("gradeishidden"),
        "hidden_by_date": yes("gradehiddenbydate"),
        "item_locked": yes("locked"),
        "locked": yes("gradeislocked"),
        "overridden": yes("gradeisoverridden"),
        "needs_update": yes("gradeneedsupdate"),
        "status": same("status"),
        "displayed": lambda raw: raw["gradeformatted"].rsplit(">", 1)[-1],
        "letter": same("lettergradeformatted"),
        "feedback": same("feedback"),
        "graded_at": moment("gradedategraded"),
        "submitted_at": moment("gradedatesubmitted"),
    },
    m.CourseGrade: {
        "course_id": same("courseid"),
        "final": number("rawgrade"),
        "displayed": same("grade"),
    },
    m.GradeNode: {
        "id": count("id"),
        "name": unescaped("name"),
        "is_category": yes("iscategory"),
        "children": each("children"),
    },
    m.GradeItemName: {
        "id": count("id"),
        "name": unescaped("itemname"),
        "category": unescaped("category"),
    },
    m.GradesTable: {
        "course_id": same("courseid"),
        "user_id": same("userid"),
        "user_fullname": composed("userfullname"),
        "rows": ANY,
    },
    m.CourseAssignments: {
        "course_id": same("id"),
        "shortname": unescaped("shortname"),
        "assignments": each("assignments"),
    },
    m.Assignment: {
        "id": same("id"),
        "cmid": same("cmid"),
        "course_id": same("course"),
        "name": unescaped("name"),
        "maximum": lambda raw: raw["grade"] if raw["grade"] > 0 else None,
        "scale_id": lambda raw: -raw["grade"] if raw["grade"] < 0 else None,
        "due_at": moment("duedate"),
        "cut_off_at": moment("cutoffdate"),
    },
    m.AssignmentGrades: {"assignment_id": same("assignmentid"), "grades": each("grades")},
    m.AssignmentGrade: {
        "id": same("id"),
        "user_id": same("userid"),
        "attempt": same("attemptnumber"),
        "grade": lambda raw: None if raw["grade"] == "-1.00000" else Decimal(raw["grade"]),
        "grader_id": same("grader"),
        "modified_at": moment("timemodified"),
    },
    m.AssignmentSubmissions: {
        "assignment_id": same("assignmentid"),
        "submissions": each("submissions"),
    },
    m.Submission: {
        "id": same("id"),
        "user_id": same("userid"),
        "attempt": same("attemptnumber"),
        "status": same("status"),
        "grading_status": same("gradingstatus"),
        "created_at": moment("timecreated"),
        "modified_at": moment("timemodified"),
    },
    m.CompetencyFramework: {
        "id": same("id"),
        "shortname": unescaped("shortname"),
        "idnumber": same("idnumber"),
        "description": same("description"),
        "visible": yes("visible"),
        "scale_id": same("scaleid"),
        "competency_count": same("competenciescount"),
    },
    m.Competency: {
        "id": same("id"),
        "framework_id": same("competencyframeworkid"),
        "parent_id": same("parentid"),
        "shortname": unescaped("shortname"),
        "idnumber": same("idnumber"),
        "description": same("description"),
        "scale_id": same("scaleid"),
    },
    m.CompetencyRating: {
        "user_id": same("userid"),
        "competency_id": same("competencyid"),
        "grade": same("grade"),
        "grade_name": same("gradename"),
        "proficient": yes("proficiency"),
        "modified_at": moment("timemodified"),
    },
    m.PlanCompetency: {"competency": same("competency"), "rating": same("usercompetency")},
    m.LearningPlan: {
        "id": same("id"),
        "user_id": same("userid"),
        "name": unescaped("name"),
        "status": same("status"),
        "due_at": moment("duedate"),
    },
    m.CourseCompetencies: {
        "course_id": same("courseid"),
        "competencies": lambda raw: [entry["competency"] for entry in raw["competencies"]],
        "proficient_count": inner("statistics", "proficientcompetencycount"),
        "proficient_percentage": inner("statistics", "proficientcompetencypercentage"),
    },
    m.CourseCompetencyRating: {
        "competency": inner("usercompetencysummary", "competency", "competency"),
        "course_id": inner("course", "id"),
        "rating": inner("usercompetencysummary", "usercompetencycourse"),
        "evidence": inner("usercompetencysummary", "evidence"),
    },
    m.CompetencyEvidence: {
        "id": same("id"),
        "action": same("action"),
        "identifier": same("descidentifier"),
        "grade": same("grade"),
        "actor_id": same("actionuserid"),
        "created_at": moment("timecreated"),
    },
    m.CalendarEvent: {
        "id": same("id"),
        "name": unescaped("name"),
        "type": same("eventtype"),
        "course_id": same("courseid"),
        "module": same("modulename"),
        "instance": same("instance"),
        "starts_at": moment("timestart"),
        "duration_seconds": same("timeduration"),
        "visible": yes("visible"),
    },
    m.Report: {
        "id": same("id"),
        "name": unescaped("name"),
        "source": same("source"),
        "modified_at": moment("timemodified"),
        "conditions": same("conditiondata"),
    },
    m.ReportPage: {
        "report": same("details"),
        "headers": lambda raw: tuple(raw["data"]["headers"]),
        "rows": inner("data", "rows"),
        "total_rows": inner("data", "totalrowcount"),
    },
    m.ReportRow: {"cells": lambda raw: tuple(raw["columns"])},
    m.MoodleWarning: {
        "code": same("warningcode"),
        "item": same("item"),
        "item_id": same("itemid"),
        "message": same("message"),
    },
}


def assert_says(typed: Any, raw: Any) -> None:
    """Compare a typed value with what Moodle wrote, field by field and down the tree."""
    if is_dataclass(typed) and not isinstance(typed, type):
        rules = RULES[type(typed)]
        assert rules.keys() == {item.name for item in fields(typed)}, type(typed)
        for name, rule in rules.items():
            if rule is not ANY:
                assert_says(getattr(typed, name), rule(raw))
    elif isinstance(typed, list | tuple) and isinstance(raw, list):
        assert len(typed) == len(raw)
        for one, other in zip(typed, raw, strict=True):
            assert_says(one, other)
    else:
        assert typed == raw, f"{typed!r} is not {raw!r}"
