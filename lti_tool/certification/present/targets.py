"""What a course counts for, and by which rule, as screens say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from lti_tool.certification.models import Award
from lti_tool.certification.present.criteria import CourseNames
from lti_tool.certification.present.rule_words import Sentence, rule_sentences
from lti_tool.certification.rules.model import Route
from lti_tool.certification.service.evaluation import Target
from lti_tool.certification.service.publishing import read_rule
from lti_tool.certification.service.readings import course_key
from lti_tool.referential.models import Domain, MappingKind, Subtheme
from lti_tool.referential.wording import KINDS
from lti_tool.web.i18n import locale_code


@dataclass(frozen=True, slots=True)
class CountedCourse:
    """A course that counts for a domain, and how."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class TargetView:
    """A domain or sub-theme, and the rule in force for it."""

    code: str
    label: str
    courses: tuple[CountedCourse, ...]
    sentences: tuple[Sentence, ...]
    version: int
    published_at: datetime
    yaml: str


def target_view(target: Target) -> TargetView:
    """Return a target with its rule in words and as published."""
    rule = read_rule(target.published, target.domain, target.subtheme)
    return TargetView(
        code=target.domain.name,
        label=target_label(target.domain, target.subtheme),
        courses=tuple(
            CountedCourse(mapping.course.fullname, str(KINDS[MappingKind(mapping.kind)]))
            for mapping in target.mappings
        ),
        sentences=rule_sentences(rule.routes[Route.FORMATION], course_names([target])),
        version=target.published.version,
        published_at=target.published.published_at,
        yaml=target.published.text,
    )


def target_label(domain: Domain, subtheme: Subtheme | None) -> str:
    """Return the name of a domain, with that of its sub-theme if any."""
    if subtheme is None:
        return domain.label(locale_code())
    return str(
        _(
            "%(domain)s (%(subtheme)s)",
            domain=domain.label(locale_code()),
            subtheme=subtheme.label(locale_code()),
        )
    )


def award_label(award: Award) -> str:
    """Return the name of what an award certifies."""
    return target_label(award.domain, award.subtheme)


def course_names(targets: Iterable[Target]) -> CourseNames:
    """Return the name of each course that counts, by the key that rules and decisions give it."""
    return {
        course_key(mapping.course): mapping.course.fullname
        for target in targets
        for mapping in target.mappings
    }
