"""Proposals as the people who decide them read them: today's criteria, and what changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lti_tool.certification.models import Award
from lti_tool.certification.present.criteria import CriterionView, Sees, trainer_criteria
from lti_tool.certification.present.targets import award_label, course_names
from lti_tool.certification.present.wording import ROUTES
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.model import Route
from lti_tool.certification.service.roster import Standing
from lti_tool.errors import LtiToolError


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposal."""

    public_id: str
    name: str
    code: str
    label: str
    route: str
    proposed_at: datetime
    independent: bool
    """Whether the viewer may decide it."""
    satisfied: bool
    """Whether the criteria are still met today; else nothing can be issued."""
    criteria: tuple[CriterionView, ...]
    proposed_version: int
    version: int
    """Version of the rule that counts today, and of the one of the proposal (V19)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one proposal of several decided together."""

    name: str
    label: str
    issued: bool
    sentence: str
    code: str


def proposal_view(
    award: Award, standing: Standing, *, independent: bool, sees: Sees
) -> ProposalView:
    """Return a proposal with the criteria as they are today."""
    return ProposalView(
        public_id=award.public_id,
        name=award.person.full_name,
        code=award.domain.name,
        label=award_label(award),
        route=str(ROUTES[Route(award.route)]),
        proposed_at=award.proposed_at,
        independent=independent,
        satisfied=standing.decision.status is Status.SATISFIED,
        criteria=trainer_criteria(standing.decision, course_names([standing.target]), sees),
        proposed_version=award.rule.version,
        version=standing.target.published.version,
    )


def outcomes(
    issued: Sequence[Award], refused: Sequence[tuple[Award, LtiToolError]]
) -> list[Outcome]:
    """Return what became of each proposal, those not issued first."""
    failed = [
        Outcome(award.person.full_name, award_label(award), False, error.sentence(), error.code)
        for award, error in refused
    ]
    return failed + [
        Outcome(award.person.full_name, award_label(award), True, "", "") for award in issued
    ]
