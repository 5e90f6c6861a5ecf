"""A rule said in French sentences, for people who do not read YAML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.certification.models import EvidenceKind
from lti_tool.certification.present.criteria import CourseNames, asked, grade_label
from lti_tool.certification.present.wording import EVIDENCE_KINDS, REVIEWER_ROLES
from lti_tool.certification.rules.leaves import CompletionLeaf, EvidenceLeaf, GradeLeaf
from lti_tool.certification.rules.leaves.grade import Percent
from lti_tool.certification.rules.measures import Quantity, Unit
from lti_tool.certification.rules.model import AllOf, AnyOf, AtLeast, Mapped, Node


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that a rule asks, and what it is made of."""

    text: str
    parts: tuple[Sentence, ...] = ()


def rule_sentences(node: Node, names: CourseNames) -> tuple[Sentence, ...]:
    """Return what a route of a rule asks, one sentence for each thing asked.

    Args:
        names: key of a course → its name, for the courses that the rule names.
    """
    match node:
        case AllOf(children):
            return _all(children, names)
        case AnyOf(children):
            text = _("L’un de ces critères suffit :")
            return (Sentence(text, _alternatives(children, names)),)
        case AtLeast(k, children):
            text = ngettext(
                "L’un de ces critères suffit :", "%(num)s de ces critères sont demandés :", k
            )
            return (Sentence(text, _alternatives(children, names)),)
        case Mapped(child):
            text = _(
                "Dans chaque cours requis du domaine, et dans l’un des cours au choix s’il y en a :"
            )
            return (Sentence(text, rule_sentences(child, names)),)
        case GradeLeaf():
            return (Sentence(_grade(node, names)),)
        case CompletionLeaf():
            return (Sentence(_completion(node, names)),)
        case EvidenceLeaf():
            return (Sentence(_evidence(node)),)


def _all(children: Sequence[Node], names: CourseNames) -> tuple[Sentence, ...]:
    return tuple(sentence for child in children for sentence in rule_sentences(child, names))


def _alternatives(children: Sequence[Node], names: CourseNames) -> tuple[Sentence, ...]:
    found = []
    for child in children:
        said = rule_sentences(child, names)
        found.append(said[0] if len(said) == 1 else Sentence(_("Tous ces critères :"), said))
    return tuple(found)


def _grade(leaf: GradeLeaf, names: CourseNames) -> str:
    if isinstance(leaf.threshold, Percent):
        threshold = asked(Quantity(leaf.threshold.minimum, Unit.PERCENT))
    else:
        words = leaf.threshold.labels[leaf.threshold.minimum - 1]
        threshold = asked(Quantity(Decimal(leaf.threshold.minimum), Unit.LEVEL, words))
    if leaf.course is None and leaf.item == "course_total":
        return str(_("Une note totale de %(threshold)s.", threshold=threshold))
    course = names.get(leaf.course or "", leaf.course or "")
    label = grade_label(leaf.item, course) if leaf.course else leaf.item.partition(":")[2]
    return str(_("%(grade)s : %(threshold)s.", grade=label, threshold=threshold))


def _completion(leaf: CompletionLeaf, names: CourseNames) -> str:
    if leaf.course is None:
        return str(_("Le cours achevé dans Moodle."))
    course = names.get(leaf.course, leaf.course)
    return str(_("Le cours « %(course)s » achevé dans Moodle.", course=course))


def _evidence(leaf: EvidenceLeaf) -> str:
    kind = EVIDENCE_KINDS[EvidenceKind(leaf.kind.value)]
    roles = ", ".join(sorted(str(REVIEWER_ROLES[role.value]) for role in leaf.validated_by))
    text = ngettext(
        "%(kind)s : une preuve validée par une personne indépendante (%(roles)s)",
        "%(kind)s : %(num)s preuves validées par une personne indépendante (%(roles)s)",
        leaf.count,
        kind=kind,
        roles=roles,
    )
    if leaf.since_months is None:
        return f"{text}."
    period = ngettext(
        "menée depuis moins d’un mois", "menée depuis moins de %(num)s mois", leaf.since_months
    )
    return f"{text}, {period}."
