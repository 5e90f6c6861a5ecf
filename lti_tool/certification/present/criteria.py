"""The tree of a decision as a list of criteria that a person can read.

Combinations in which everything is needed disappear: what they hold is listed at once. Alternatives
stay grouped, since one of them is enough, and so does what each of them is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.certification.models import EvidenceKind
from lti_tool.certification.present.next_steps import FOR_LEARNERS, FOR_TRAINERS
from lti_tool.certification.present.wording import EVIDENCE_KINDS, FLAGS, REASONS
from lti_tool.certification.rules.criteria import LEAF_KINDS, Criterion, Kind
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.facts import COURSE_TOTAL
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.measures import Quantity, Unit
from lti_tool.certification.rules.reasons import Reason
from lti_tool.web.formatting import format_number, format_percent

CourseNames = Mapping[str, str]
"""Key of a course, as rules call it → its name."""
Sees = Callable[[str | None, str], bool]
"""Whether the reader may see the values of a course: (base address of the site or None, key)."""


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion as the component ``criteria`` shows it."""

    status: Status
    label: str
    reason: str = ""
    measured: str = ""
    threshold: str = ""
    next: str = ""
    read_at: datetime | None = None
    children: tuple[CriterionView, ...] = field(default=())
    why: Reason = Reason.SATISFIED
    """The stored reason, for whoever chooses among criteria; never shown."""


def learner_criteria(decision: Decision, names: CourseNames) -> tuple[CriterionView, ...]:
    """Return what the learner may read of a decision, and nothing that hints at a hidden grade."""
    visible = decision if decision.learner_view else decision.for_learner()
    return _views(visible.root, names, FOR_LEARNERS, _sees_all)


def trainer_criteria(
    decision: Decision, names: CourseNames, sees: Sees
) -> tuple[CriterionView, ...]:
    """Return what a trainer may read of a decision: no value of a course that is not theirs."""
    return _views(decision.root, names, FOR_TRAINERS, sees)


def _sees_all(_site: str | None, _course: str) -> bool:
    return True


def _views(
    criterion: Criterion,
    names: CourseNames,
    steps: Mapping[Reason, Any],
    sees: Sees,
    *,
    is_alternative: bool = False,
) -> tuple[CriterionView, ...]:
    everything = criterion.kind in (Kind.ALL, Kind.MAPPED)
    parts = tuple(
        view
        for child in criterion.children
        for view in _views(child, names, steps, sees, is_alternative=not everything)
    )
    if everything and parts and not (is_alternative and len(parts) > 1):
        return parts
    if criterion.kind in LEAF_KINDS and not is_visible(criterion, sees):
        return (_elsewhere(criterion, names),)
    view = CriterionView(
        status=criterion.status,
        label=_label(criterion, names),
        reason=" ".join(
            str(s) for s in (REASONS[criterion.reason], *map(FLAGS.get, criterion.flags))
        ),
        next=str(steps[criterion.reason]),
        children=parts,
        why=criterion.reason,
    )
    return (_with_values(view, criterion) if criterion.kind in LEAF_KINDS else view,)


def is_visible(criterion: Criterion, sees: Sees) -> bool:
    """Whether the reader may see the value of a criterion."""
    site = None if criterion.source is None else criterion.source.site
    return criterion.course is None or sees(site, criterion.course)


def _elsewhere(criterion: Criterion, names: CourseNames) -> CriterionView:
    sentences = {
        Status.SATISFIED: _("Rempli dans un autre cours."),
        Status.PENDING: _("En attente dans un autre cours : ses formateur·rices voient pourquoi."),
        Status.NOT_SATISFIED: _(
            "Non rempli dans un autre cours : ses formateur·rices voient pourquoi."
        ),
    }
    return CriterionView(
        status=criterion.status,
        label=_label(criterion, names),
        reason=sentences[criterion.status],
        why=criterion.reason,
    )


def _with_values(view: CriterionView, criterion: Criterion) -> CriterionView:
    shown = replace(view, read_at=None if criterion.source is None else criterion.source.fetched_at)
    if criterion.kind is Kind.COMPLETION or _is_one_evidence(criterion):
        return shown
    return replace(
        shown,
        measured="" if criterion.measured is None else quantity_words(criterion.measured),
        threshold="" if criterion.threshold is None else asked(criterion.threshold),
    )


def _is_one_evidence(criterion: Criterion) -> bool:
    """Whether the status says everything: « 0 read, 1 asked » would only look like a grade of 0."""
    needed = criterion.threshold
    return criterion.kind is Kind.EVIDENCE and needed is not None and needed.amount == 1


def asked(threshold: Quantity) -> str:
    """Return what is asked, in words: « 60 % ou plus »."""
    return str(_("%(level)s ou plus", level=quantity_words(threshold)))


def quantity_words(quantity: Quantity) -> str:
    """Return a measured value in words."""
    if quantity.unit is Unit.PERCENT:
        return format_percent(quantity.amount, of=100)
    if quantity.unit is Unit.COUNT:
        return str(
            ngettext("une preuve validée", "%(num)s preuves validées", int(quantity.amount))
            if quantity.amount
            else _("aucune preuve validée")
        )
    if quantity.unit is Unit.LEVEL:
        if quantity.label:
            return str(_("« %(words)s »", words=quantity.label))
        return format_number(quantity.amount)
    return format_number(quantity.amount)


def _label(criterion: Criterion, names: CourseNames) -> str:
    course = names.get(criterion.course or "", criterion.course or "")
    match criterion.kind:
        case Kind.GRADE:
            return grade_label(criterion.item or "", course)
        case Kind.COMPLETION:
            return str(_("Achèvement du cours « %(course)s »", course=course))
        case Kind.EVIDENCE:
            return str(EVIDENCE_KINDS[EvidenceKind(criterion.item or "")])
        case Kind.MAPPED:
            return str(_("Cours du domaine"))
        case Kind.ALL:
            return _label_of_all(criterion, names)
        case _:
            needed = 1 if criterion.threshold is None else int(criterion.threshold.amount)
            return one_of(needed)


def one_of(needed: int) -> str:
    """Return the title of alternatives of which ``needed`` are enough."""
    return str(
        ngettext(
            "Au choix : l’un de ces critères suffit",
            "Au choix : %(num)s de ces critères sont demandés",
            needed,
        )
    )


def _label_of_all(criterion: Criterion, names: CourseNames) -> str:
    courses = {leaf.course for leaf in criterion.leaves()}
    if len(courses) == 1 and (course := courses.pop()):
        return str(_("Cours « %(course)s »", course=names.get(course, course)))
    return str(_("Tous ces critères"))


def grade_label(item: str, course: str) -> str:
    """Return how a grade item is called: the total of a course, or an item by its idnumber."""
    if item == COURSE_TOTAL:
        return str(_("Note totale du cours « %(course)s »", course=course))
    name = item.removeprefix("idnumber:")
    return str(_("Note « %(item)s » du cours « %(course)s »", item=name, course=course))
