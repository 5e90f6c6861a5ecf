"""Suggestions to confirm: computed when asked for, never stored, never applied by themselves.

A domain that a person once mapped to the course, or took away from it, is not suggested again:
that decision stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.platforms.models import Course
from lti_tool.referential.domains import REFERENTIAL
from lti_tool.referential.errors import SuggestionGone
from lti_tool.referential.models import CourseMapping, Domain, MappingKind, Subtheme
from lti_tool.referential.service import add_mapping, all_domains
from lti_tool.referential.suggestions import CourseTexts, Suggestion, suggest


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion about one course, with the rows it would link."""

    course: Course
    domain: Domain
    subtheme: Subtheme | None
    suggestion: Suggestion

    @property
    def key(self) -> str:
        """What a form sends back to confirm it: ``course:domain code:sub-theme code``."""
        return f"{self.course.id}:{self.domain.code}:{self.suggestion.subtheme_code or ''}"


def open_proposals(session: Session, course_id: int | None = None) -> list[Proposal]:
    """Return what is left to confirm, course by course, the most likely first.

    Args:
        course_id: only this course; None: every course that Moodle still lists.
    """
    courses = select(Course).where(Course.gone_at.is_(None)).order_by(Course.idnumber, Course.id)
    if course_id is not None:
        courses = courses.where(Course.id == course_id)
    domains = {domain.code: domain for domain in all_domains(session)}
    entries = [entry for entry in REFERENTIAL if entry.code in domains]
    decided = _decided(session)
    return [
        proposal
        for course in session.scalars(courses)
        for suggestion in suggest(_texts(course), entries)
        if (proposal := _proposal(course, domains[suggestion.domain_code], suggestion))
        and (course.id, proposal.domain.id, _id(proposal.subtheme)) not in decided
    ]


def confirm_proposals(
    session: Session,
    *,
    actor_id: int | None,
    keys: Sequence[str],
    word: Callable[[Suggestion], str],
    kind: MappingKind = MappingKind.REQUIRED,
) -> list[CourseMapping]:
    """Map what a person confirmed, all or nothing, and commit.

    Args:
        actor_id: coordinator who confirms.
        keys: ``Proposal.key`` of each confirmed suggestion.
        word: writes the reason kept in the history from the grounds of a suggestion.
        kind: how the courses count.

    Raises:
        SuggestionGone: one of them is not open any more; nothing is mapped.
    """
    still_open = {proposal.key: proposal for proposal in open_proposals(session)}
    if not set(keys) <= still_open.keys():
        raise SuggestionGone
    lines = [
        add_mapping(
            session,
            actor_id=actor_id,
            course=still_open[key].course,
            domain=still_open[key].domain,
            subtheme=still_open[key].subtheme,
            kind=kind,
            reason=word(still_open[key].suggestion),
        )
        for key in dict.fromkeys(keys)
    ]
    session.commit()
    return lines


def _proposal(course: Course, domain: Domain, suggestion: Suggestion) -> Proposal:
    code = suggestion.subtheme_code
    subtheme = next((one for one in domain.subthemes if one.code == code), None)
    return Proposal(course, domain, subtheme, suggestion)


def _decided(session: Session) -> set[tuple[int, int, int | None]]:
    lines = select(
        CourseMapping.course_id, CourseMapping.domain_id, CourseMapping.subtheme_id
    ).distinct()
    return {(line.course_id, line.domain_id, line.subtheme_id) for line in session.execute(lines)}


def _texts(course: Course) -> CourseTexts:
    return CourseTexts(course.idnumber, course.shortname, course.fullname, course.summary)


def _id(subtheme: Subtheme | None) -> int | None:
    return subtheme.id if subtheme else None
