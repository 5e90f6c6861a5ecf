"""``core_grades_get_grade_tree``: categories and items of a course, as a JSON text inside JSON.

It lists every item, those of activity types that the caller may not view too: comparing it with the
user report shows what was left out there. Numbers are texts, names are escaped.
"""

from __future__ import annotations

import json
from typing import Any

from lti_tool.demo.moodle.gradebook.items import GradeCategory, GradeItem
from lti_tool.demo.moodle.gradebook.totals import Gradebook
from lti_tool.demo.moodle.people import GRADE_VIEW_ALL
from lti_tool.demo.moodle.webservice.errors import no_permission
from lti_tool.demo.moodle.webservice.functions import Call, function
from lti_tool.demo.moodle.webservice.parameters import Int


@function("core_grades_get_grade_tree", courseid=Int())
def get_grade_tree(call: Call, courseid: int) -> str:
    """Return the tree of a course's gradebook."""
    course = call.enter(courseid, of_people=True)
    if not call.may(GRADE_VIEW_ALL, courseid):
        raise no_permission("View grades of other users")
    book = call.world.gradebook(courseid)
    root = next(category for category in book.categories if category.parent is None)
    tree = _category(call, book, root, course.fullname)
    return json.dumps(tree, separators=(",", ":")).replace("/", "\\/")


def _category(call: Call, book: Gradebook, category: GradeCategory, name: str) -> dict[str, Any]:
    below = {one.id: one for one in book.categories if one.parent == category.id}
    return {
        "id": str(category.id),
        "name": call.text(name),
        "iscategory": True,
        "haschildcategories": bool(below),
        "children": [
            _category(call, book, below[item.category], below[item.category].name)
            if item.is_total
            else _item(call, item)
            for item in book.children(category)
        ],
    }


def _item(call: Call, item: GradeItem) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "name": call.text(item.name or ""),
        "iscategory": False,
        "children": None,
    }
