"""« Ajouter une activité Ancrage »: the page where a trainer chooses, and the answer to Moodle."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for

from lti_tool import clock
from lti_tool.lti.deep_linking.items import Choice, Problem, content_items
from lti_tool.lti.deep_linking.service import (
    SignedAnswer,
    answer_selection,
    find_selection,
)
from lti_tool.lti.deep_linking.wording import DESCRIPTIONS, EXPLANATIONS, PROBLEMS, TITLES
from lti_tool.lti.models import ContentSelection
from lti_tool.referential.models import Domain
from lti_tool.referential.service import mappings_of_course
from lti_tool.web.access import trainer_of_course, viewer
from lti_tool.web.database import db
from lti_tool.web.headers import content_policy
from lti_tool.web.i18n import locale_code

blueprint = Blueprint("deep_linking", __name__, url_prefix="/cours/<int:course_id>/placer")


@blueprint.get("/<public_id>")
@trainer_of_course
def choose(course_id: int, public_id: str) -> str:
    """Show what can be placed in the course."""
    return _page(_selection(course_id, public_id), Choice({}), {})


@blueprint.post("/<public_id>")
@trainer_of_course
def send(course_id: int, public_id: str) -> Response | tuple[str, int]:
    """Answer Moodle with what was chosen; what was typed stays when something is to be corrected."""
    selection = _selection(course_id, public_id)
    choice = Choice.read(request.form.getlist("place"), request.form)
    codes = [domain.code for domain in _domains(course_id)]
    problems = choice.problems(multiple=selection.multiple, domains=codes)
    if problems:
        return _page(selection, choice, problems), 422
    items = content_items(
        choice,
        {one: str(sentence) for one, sentence in DESCRIPTIONS.items()},
        origin=selection.course.moodle_id,
        columns=selection.columns,
    )
    return _posted(answer_selection(db(), selection, items))


@blueprint.post("/<public_id>/rien")
@trainer_of_course
def give_up(course_id: int, public_id: str) -> Response:
    """Answer Moodle that nothing was chosen."""
    return _posted(answer_selection(db(), _selection(course_id, public_id), []))


def _selection(course_id: int, public_id: str) -> ContentSelection:
    return find_selection(db(), public_id, person_id=viewer().person_id, course_id=course_id)


def _domains(course_id: int) -> list[Domain]:
    lines = mappings_of_course(db(), course_id, clock.now())
    return list({line.domain_id: line.domain for line in lines}.values())


def _page(selection: ContentSelection, choice: Choice, problems: dict[str, Problem]) -> str:
    return render_template(
        "lti/choose.html",
        selection=selection,
        course=selection.course,
        placements=[(str(one), TITLES[one], EXPLANATIONS[one]) for one in TITLES],
        titles={str(one): title for one, title in choice.titles.items()},
        choice=choice,
        domains=[
            (one.code, f"{one.name} · {one.label(locale_code())}")
            for one in _domains(selection.course_id)
        ],
        errors={name: PROBLEMS[problem] for name, problem in problems.items()},
        send_url=url_for(
            "deep_linking.send", course_id=selection.course_id, public_id=selection.public_id
        ),
    )


def _posted(answer: SignedAnswer) -> Response:
    """Return the page that posts the answer: to the platform and nowhere else."""
    response = make_response(render_template("lti/chosen.html", answer=answer))
    response.headers["Content-Security-Policy"] = content_policy(form_action=answer.platform)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
