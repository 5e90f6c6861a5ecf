"""The trainer's page of a course: freshness, warnings, and the table of its learners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lti_tool.certification.models import AwardState
from lti_tool.certification.present.criteria import CriterionView, Sees, trainer_criteria
from lti_tool.certification.present.ratings import (
    RatingView,
    beside_domains,
    rating_views,
)
from lti_tool.certification.present.targets import course_names, target_label
from lti_tool.certification.present.wording import HIDDEN_GRADES_UNSEEN, INACTIVE, pull_warning
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.service.pulls import Freshness
from lti_tool.certification.service.roster import Learner, Standing
from lti_tool.grades.competencies.ratings import Rating
from lti_tool.grades.models import Group
from lti_tool.grades.pulls import ITEMS_LEFT_OUT
from lti_tool.platforms.sentences import sentence_for_code

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class LearnerFilter:
    """Which learners the trainer asked to see."""

    words: str = ""
    status: Status | None = None
    group: str = ""
    page: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> LearnerFilter:
        """Return the filter out of the address; what cannot be understood is left out."""
        status, page = asked.get("statut", ""), asked.get("page", "")[:6]
        return cls(
            words=asked.get("nom", "").strip()[:100],
            status=Status(status) if status in set(Status) else None,
            group=asked.get("groupe", "")[:20],
            page=max(1, int(page)) if page.isascii() and page.isdigit() else 1,
        )

    def __bool__(self) -> bool:
        """Whether anything was asked."""
        return bool(self.words or self.status or self.group)


@dataclass(frozen=True, slots=True)
class StandingView:
    """Where one learner stands on one target."""

    label: str
    status: Status
    award_state: AwardState | None
    criteria: tuple[CriterionView, ...]
    ratings: tuple[RatingView, ...]
    """What Moodle says beside: the competencies of this domain, or of none of ours."""


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """One line of the table."""

    name: str
    inactive: str
    """Why their enrolment is not in force, in words; empty when it is."""
    groups: str
    """Names of the groups that they follow the course in."""
    standings: tuple[StandingView, ...]


@dataclass(frozen=True, slots=True)
class LearnerTable:
    """One page of the table."""

    rows: tuple[LearnerRow, ...]
    total: int
    """How many learners were found, on every page."""
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class FreshnessView:
    """How fresh the values are, and what to be wary of."""

    read_at: datetime | None
    read: int
    changed: int
    unreadable: int
    warnings: tuple[str, ...]
    failed_at: datetime | None
    failure: str
    failure_code: str


def freshness_view(known: Freshness) -> FreshnessView:
    """Return the freshness of a course in words."""
    codes = [code for code in (known.last.warnings if known.last else []) if code != ITEMS_LEFT_OUT]
    warnings = [pull_warning(code) for code in codes]
    if known.left_out:
        warnings.append(pull_warning(ITEMS_LEFT_OUT))
    if not known.sees_hidden:
        warnings.append(str(HIDDEN_GRADES_UNSEEN))
    code = (known.failure.error_code if known.failure else None) or ""
    return FreshnessView(
        read_at=known.last.finished_at if known.last else None,
        read=known.last.read if known.last else 0,
        changed=known.last.changed if known.last else 0,
        unreadable=known.last.unreadable if known.last else 0,
        warnings=tuple(warnings),
        failed_at=known.failure.started_at if known.failure else None,
        failure=sentence_for_code(code, known.failure.error_reason)
        if known.failure and code
        else "",
        failure_code=code,
    )


def slice_of(found: Sequence[Learner], page: int) -> tuple[Sequence[Learner], int, int]:
    """Return the learners of a page, its number brought within bounds, and how many pages."""
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = min(page, pages)
    return found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], page, pages


def matches(standings: Sequence[Standing], status: Status | None) -> bool:
    """Whether a learner has that status on one target at least."""
    return status is None or any(one.decision.status is status for one in standings)


def learner_row(
    learner: Learner,
    standings: Sequence[Standing],
    sees: Sees,
    groups: Sequence[Group],
    ratings: Sequence[Rating],
) -> LearnerRow:
    """Return the line of a learner."""
    names = course_names(one.target for one in standings)
    numbers = [one.target.domain.number for one in standings]
    beside = beside_domains(numbers, [one for one in ratings if one.is_rated])
    return LearnerRow(
        name=learner.full_name,
        inactive=str(INACTIVE.get(learner.state, "")),
        groups=", ".join(group.name for group in groups),
        standings=tuple(
            StandingView(
                label=target_label(one.target.domain, one.target.subtheme),
                status=one.decision.status,
                award_state=None if one.award is None else AwardState(one.award.state),
                criteria=trainer_criteria(one.decision, names, sees),
                ratings=rating_views(own),
            )
            for one, own in zip(standings, beside, strict=True)
        ),
    )
