"""AGS results: the grades of a line item, as the tool reads them back.

Only people with a grade record; no score members when the grade is empty; moments in the site's zone.
Asking a page together with ``type_id`` is an HTML page with status 404, as on the recorded site.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, request

from lti_tool.demo.moodle.gradebook.display import php_number
from lti_tool.demo.moodle.gradebook.items import Grade, GradeItem
from lti_tool.demo.moodle.keys import SITE_ZONE
from lti_tool.demo.moodle.lti.addresses import lineitem_url
from lti_tool.demo.moodle.lti.claims import AGS_SCOPES
from lti_tool.demo.moodle.lti.service import (
    Asked,
    ServiceError,
    answer,
    broken_links,
    item_url,
    known_item,
    page_bounds,
)
from lti_tool.demo.moodle.site import DemoMoodle

CONTAINER = "application/vnd.ims.lis.v2.resultcontainer+json"
SCOPES = (AGS_SCOPES[2],)


def list_results(site: DemoMoodle, asked: Asked) -> Response:
    """List the results of a line item, of everybody or of ``user_id``."""
    item = known_item(site, asked)
    if request.args.get("limit") and asked.type_id:
        raise ServiceError(404, "Error reading from database", html=True)
    wanted = request.args.get("user_id", "")
    found = sorted(
        (
            grade
            for (number, person), grade in site.world.grades.items()
            if number == item.id and wanted in ("", str(person)) and _has_record(grade)
        ),
        key=lambda grade: grade.person,
    )
    start, end = page_bounds(len(found))
    documents = [_document(site, item, grade, asked.type_id) for grade in found[start:end]]
    response = answer(documents, CONTAINER)
    if request.args.get("limit"):
        url = f"{lineitem_url(site, item.course, item.id)}/results"
        response.headers["Link"] = broken_links(url, [], start, len(found))
    return response


def _has_record(grade: Grade) -> bool:
    return grade.value is not None or grade.score_time is not None


def _document(site: DemoMoodle, item: GradeItem, grade: Grade, type_id: str) -> dict[str, Any]:
    query = f"type_id={type_id}&" if type_id else ""
    url = f"{lineitem_url(site, item.course, item.id)}/results?{query}user_id={grade.person}"
    document: dict[str, Any] = {"id": url, "userId": str(grade.person)}
    if grade.value is None:
        return document
    document |= {
        "resultScore": php_number(grade.value),
        "resultMaximum": php_number(item.grademax),
    }
    if grade.feedback:
        document["comment"] = grade.feedback
    moment = datetime.fromtimestamp(grade.score_time or grade.graded_at or 0, SITE_ZONE)
    return document | {
        "scoreOf": item_url(site, item, type_id),
        "timestamp": moment.isoformat(),
    }
