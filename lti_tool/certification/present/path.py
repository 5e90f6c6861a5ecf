"""The learner's path: where they stand on each domain, why, and what to do next.

Made from ``Decision.for_learner`` alone, so that no hidden grade can be guessed from it (N6). For
the same reason a proposal is not told: it may rest on a grade that the learner does not see yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.present.criteria import CriterionView, learner_criteria
from lti_tool.certification.present.targets import course_names, target_label
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.reasons import Reason
from lti_tool.certification.service.roster import Standing
from lti_tool.referential.models import Domain
from lti_tool.web.formatting import format_day
from lti_tool.web.i18n import locale_code

NOT_BEGUN = "none"
TO_GIVE = (Reason.EVIDENCE_MISSING, Reason.EVIDENCE_REFUSED, Reason.EVIDENCE_TOO_OLD)
TO_MEND = (
    Reason.EVIDENCE_MORE_ASKED,
    Reason.EVIDENCE_DRAFT,
    Reason.EVIDENCE_CONTRIBUTION_MISSING,
    Reason.EVIDENCE_IN_FUTURE,
)


@dataclass(frozen=True, slots=True)
class DomainView:
    """Where the learner stands on a domain or sub-theme."""

    number: int
    code: str
    label: str
    status: str
    sentence: str
    refusal: str
    """Reason of the last refusal, when it still stands."""
    criteria: tuple[CriterionView, ...]


@dataclass(frozen=True, slots=True)
class Sector:
    """One domain of the wheel."""

    number: int
    label: str
    status: str
    url: str = ""
    note: str = ""


def domain_view(standing: Standing) -> DomainView:
    """Return where the learner stands on one target."""
    visible = standing.decision.for_learner()
    target, award = standing.target, standing.award
    refused = award is not None and award.state == AwardState.REFUSED
    return DomainView(
        number=target.domain.number,
        code=target.domain.name,
        label=target_label(target.domain, target.subtheme),
        status=_status(visible, award),
        sentence=_sentence(visible, award),
        refusal=award.decision_reason if award is not None and refused else "",
        criteria=learner_criteria(visible, course_names([target])),
    )


def wheel(
    domains: Sequence[Domain],
    views: Sequence[DomainView],
    awards: Sequence[Award],
    urls: Mapping[int, str],
) -> list[Sector]:
    """Return the 15 domains of the wheel.

    Args:
        views: domains on which the learner stands today.
        awards: every award of the learner: a certification stays when its course counts no more.
        urls: number of a domain → where the page speaks of it.
    """
    certified = {award.domain_id for award in awards if award.state == AwardState.ISSUED}
    sectors = []
    for domain in domains:
        here = [view for view in views if view.number == domain.number]
        statuses = {view.status for view in here}
        if domain.id in certified:
            statuses.add(Status.SATISFIED)
        order = (Status.SATISFIED, Status.PENDING, Status.NOT_SATISFIED)
        sectors.append(
            Sector(
                number=domain.number,
                label=domain.label(locale_code()),
                status=next((one.value for one in order if one in statuses), NOT_BEGUN),
                url=urls.get(domain.number, ""),
                note=" ".join(view.sentence for view in here),
            )
        )
    return sectors


def first_open(views: Sequence[DomainView]) -> CriterionView | None:
    """Return the criterion to act upon first: what the learner can do alone comes before the rest."""
    still_open = [
        leaf
        for view in views
        if view.status != Status.SATISFIED
        for leaf in _open_leaves(view.criteria)
        if leaf.next
    ]
    ranks = {**dict.fromkeys(TO_MEND, 0), **dict.fromkeys(TO_GIVE, 1)}
    return min(still_open, key=lambda leaf: ranks.get(leaf.why, 2), default=None)


def _open_leaves(criteria: Sequence[CriterionView]) -> Iterator[CriterionView]:
    for criterion in criteria:
        if criterion.status is Status.SATISFIED:
            continue
        if criterion.children:
            yield from _open_leaves(criterion.children)
        else:
            yield criterion


def _status(visible: Decision, award: Award | None) -> str:
    if award is not None and award.state == AwardState.ISSUED:
        return Status.SATISFIED.value
    if award is not None and award.state == AwardState.SUSPENDED:
        return Status.PENDING.value
    if award is not None and award.state in (AwardState.REFUSED, AwardState.REVOKED):
        return Status.NOT_SATISFIED.value
    # Criteria met are not yet a certification: a person decides.
    met = visible.status is Status.SATISFIED
    return Status.PENDING.value if met else visible.status.value


def _sentence(visible: Decision, award: Award | None) -> str:
    if award is not None and award.state == AwardState.ISSUED:
        return str(_("Certification délivrée le %(day)s.", day=format_day(award.issued_on)))
    if award is not None and award.state == AwardState.SUSPENDED:
        return str(_("Votre certification est en cours de vérification."))
    if award is not None and award.state == AwardState.REVOKED:
        return str(
            _("Votre certification a été révoquée : la décision est expliquée sur cette page.")
        )
    if award is not None and award.state == AwardState.REFUSED:
        day = format_day(award.decided_at)
        return str(_("Votre certification n’a pas été accordée le %(day)s.", day=day))
    if visible.status is Status.SATISFIED:
        return str(_("Vos critères sont remplis : ils sont en cours d’examen."))
    leaves = visible.leaves()
    redo = sum(leaf.status is Status.NOT_SATISFIED for leaf in leaves)
    wait = sum(leaf.status is Status.PENDING for leaf in leaves)
    parts = []
    if redo:
        parts.append(ngettext("un critère à reprendre", "%(num)s critères à reprendre", redo))
    if wait:
        parts.append(ngettext("un critère en attente", "%(num)s critères en attente", wait))
    done = len(leaves) - redo - wait
    if done:
        parts.append(ngettext("un critère rempli", "%(num)s critères remplis", done))
    text = ", ".join(map(str, parts)) or str(_("rien n’est encore demandé"))
    return f"{text[0].upper()}{text[1:]}."
