"""Grade items, grades and completion of the recorded site, read from the recordings.

What the recordings do not say (coefficients, display types, how long an item stays hidden) was set
by hand on that site and is written here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lti_tool.demo.moodle.completion import Criterion
from lti_tool.demo.moodle.courses import Activity
from lti_tool.demo.moodle.gradebook.items import Grade, GradeCategory, GradeItem
from lti_tool.demo.moodle.world import World
from tests.contract.demo.recordings import body_of, recording

SCALE = ("Non acquis", "En cours d'acquisition", "Acquis", "Maîtrisé")
FAR = 4_000_000_000

REPORTS = (
    "gradereport_user_get_grade_items-rmp-adl-04-all",
    "gradereport_user_get_grade_items-one-user-hidden-grade",
    "gradereport_user_get_grade_items-with-lti-items",
    "gradereport_user_get_grade_items-suspended-user",
    "gradereport_user_get_grade_items-rmp-adl-06-scale",
    "gradereport_user_get_grade_items-group",
    "gradereport_user_get_grade_items-showgrades-off",
    "gradereport_user_get_grade_items-hidden-course-ungraded",
    "gradereport_user_get_grade_items-site-course",
    "error-suspended-user",
)

WEIGHTS = {69: 3, 18: 2, 73: 0}
DISPLAYS: dict[int, Any] = {72: "letter", 78: "percentage", 79: "real_letter"}
CATEGORIES = {18: "Contrôle continu", 19: "Compétences (échelle)"}
HIDDEN_ACTIVITY = 74
PASS_MARKS = {77: Decimal(10)}


def add_gradebooks(world: World) -> None:
    """Add the gradebooks of the courses whose report was recorded."""
    for name in REPORTS:
        for report in body_of(name)["usergrades"]:
            if not any(item.course == report["courseid"] for item in world.grade_items):
                _add_items(world, report)
            _add_grades(world, report)
    _add_foreign_columns(world)


def _add_items(world: World, report: dict[str, Any]) -> None:
    course, rows = report["courseid"], report["gradeitems"]
    root = next(row["iteminstance"] for row in rows if row["itemtype"] == "course")
    rich = course == 6
    for row in rows:
        if row["itemtype"] in ("category", "course"):
            number = row["iteminstance"]
            parent = None if number == root else root
            aggregation = "weighted_mean" if rich else "natural"
            world.grade_categories.append(
                GradeCategory(number, course, parent, aggregation, CATEGORIES.get(number, ""))
            )
        item = _item(course, row)
        if row["itemtype"] == "course" and not rich and len(rows) > 1:
            item.grademax = Decimal(
                sum(one["grademax"] for one in rows[:-1] if one["grademin"] == 0)
            )
        world.grade_items.append(item)
        if item.cmid and world.activity(item.cmid) is None:
            _add_activity(world, item)


def _item(course: int, row: dict[str, Any]) -> GradeItem:
    total = row["itemtype"] in ("category", "course")
    item = GradeItem(
        row["id"],
        course,
        row["itemtype"],
        row["itemname"],
        row["iteminstance"] if total else row["categoryid"],
        row["itemmodule"],
        None if total else row["iteminstance"],
        row.get("cmid"),
        row["idnumber"],
        grademin=Decimal(row["grademin"]),
        grademax=Decimal(row["grademax"]),
        gradepass=PASS_MARKS.get(row["id"], Decimal(0)),
        decimals=0 if row["id"] == 19 else 2,
        display=DISPLAYS.get(row["id"], "real"),
        weight=Decimal(WEIGHTS.get(row["id"], 1)),
        hidden=row["id"] == 73,
        hidden_until=FAR if row["id"] == 80 else 0,
    )
    if row["rangeformatted"].startswith(SCALE[0]):
        item.gradetype, item.scale = "scale", SCALE
    elif row["rangeformatted"] == "&ndash;":
        item.gradetype = "text" if item.kind == "manual" else "none"
    if item.module == "lti":
        item.resource_id = ""
    return item


def _add_activity(world: World, item: GradeItem) -> None:
    rules: dict[str, Any] = {"Devoir 1": "submit", "Devoir 2": "grade"}
    rule = rules.get((item.name or "")[:8])
    activity = Activity(
        item.cmid or 0, item.course, item.module or "", item.instance or 0, item.name or ""
    )
    activity.completion = rule
    activity.visible = item.cmid != HIDDEN_ACTIVITY
    world.activities.append(activity)


def _add_grades(world: World, report: dict[str, Any]) -> None:
    person = report["userid"]
    for row in report["gradeitems"]:
        recorded = "weightraw" in row or row["feedbackformat"] == 2 or row["graderaw"] is not None
        if not recorded and not row["feedback"]:
            continue
        total = row["itemtype"] in ("category", "course")
        kept = row["graderaw"] is not None and (not total or row["gradeisoverridden"])
        item = world.item(row["id"])
        world.grades[row["id"], person] = Grade(
            row["id"],
            person,
            Decimal(str(row["graderaw"])) if kept else None,
            None if total and not row["gradeisoverridden"] else row["gradedategraded"],
            row["feedback"],
            row["feedbackformat"],
            hidden=row["gradeishidden"] and not (item and item.is_hidden(0)),
            overridden=bool(row["gradeisoverridden"]),
            locked=bool(row["gradeislocked"]),
        )


def _add_foreign_columns(world: World) -> None:
    """Add the columns that AGS recordings name: a quiz of course 7, the activity of course 16."""
    for course, item, module, instance in ((7, 22, "quiz", 6), (16, 111, "lti", 2)):
        world.grade_categories.append(GradeCategory(100 + course, course))
        column = GradeItem(item, course, "mod", "Quiz", 100 + course, module, instance)
        if module == "lti":
            column.name, column.resource_id = "Entretien & restitution (outil externe)", ""
        world.grade_items += [
            column,
            GradeItem(50 + course, course, "course", category=100 + course),
        ]


def add_tool_activities(world: World) -> None:
    """Add the two activities of the external tool."""
    for name, cmid in (("launch-learner", 79), ("launch-learner-course14", None)):
        claims = recording("lti", name)["id_token_claims"]
        link = claims["https://purl.imsglobal.org/spec/lti/claim/resource_link"]
        hint = recording("lti", name)["authentication_request"]["lti_message_hint"]
        number = cmid or int(hint.partition('"cmid":')[2].partition(",")[0])
        course = int(claims["https://purl.imsglobal.org/spec/lti/claim/context"]["id"])
        world.activities = [one for one in world.activities if one.cmid != number]
        world.activities.append(
            Activity(number, course, "lti", int(link["id"]), link["title"], link["description"])
        )
        world.activities[-1].custom = {"activite": "entretien"}


def add_completion(world: World) -> None:
    """Add criteria and what two people completed."""
    book = world.completion
    book.criteria[6] = [
        Criterion("activity", 18),
        Criterion("activity", 19),
        Criterion("grade", required=Decimal(50)),
    ]
    book.criteria[18] = [Criterion("activity", 66), Criterion("activity", 67), Criterion("self")]
    pages: tuple[tuple[int, int, str, int, str, Any], ...] = (
        (17, 6, "page", 5, "Introduction", "manual"),
        (61, 17, "page", 16, "Introduction", "manual"),
        (62, 17, "assign", 31, "Devoir 1 : note de plaidoyer", "submit"),
        (63, 17, "assign", 32, "Devoir 2 : « dossier & preuves » <final>", "grade"),
        (66, 18, "assign", 33, "Devoir 1 : note de plaidoyer", "submit"),
        (67, 18, "assign", 34, "Devoir 2 : « dossier & preuves » <final>", "grade"),
    )
    for cmid, course, module, instance, name, rule in pages:
        world.activities.insert(0, Activity(cmid, course, module, instance, name, completion=rule))
    statuses = body_of("core_completion_get_activities_completion_status")["statuses"]
    for status in statuses:
        book.activities[status["cmid"], 3] = status["timecompleted"]
    book.activities[18, 15], book.activities[19, 15] = 1795297279, 1795297254
    book.activities[67, 4] = 1795297269
    book.courses[6, 3] = 1795297279
    world.activities.sort(key=lambda one: one.cmid)
