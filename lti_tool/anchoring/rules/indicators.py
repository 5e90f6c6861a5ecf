"""Counts of one group of cases at one wave: distribution, response, anchoring with its bounds.

Specification §2.6. A group is partner × domain × cohort × period × wave: the service groups, this
counts. Rates carry their numerator and denominator to the screen. Suppression of small cells
belongs elsewhere: these figures are for people who may see the cases themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lti_tool.anchoring.rules.levels import Level


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, as counted."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        """The exact share; None when there is nobody to count."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True)
class AnchoringRate:
    """The share of respondents at a level or above, and its bounds over all eligible cases.

    The bounds suppose nothing of the cases without level: none of them is there, or all are.
    """

    among_respondents: Rate
    low: Rate
    high: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveOutcome:
    """One case at one wave: what each source said and the level established."""

    closes: date
    stopped_at_due: bool
    """Suspended, cancelled or erased on the due day: the wave is not eligible."""
    level: Level | None
    self_report: Level | None = None
    partner: Level | None = None
    evidence: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveSummary:
    """The counts of a group at one wave."""

    eligible: int
    """E: cases whose window is closed; refusals and lost cases stay in it."""
    at_level: tuple[int, int, int, int]
    """How many cases at each level, 0 to 3."""
    with_self_report: int
    with_partner: int
    with_evidence: int

    @property
    def observed(self) -> int:
        """R: cases with a level."""
        return sum(self.at_level)

    @property
    def unobserved(self) -> int:
        """Cases without a level, which are not cases at level 0."""
        return self.eligible - self.observed

    @property
    def response(self) -> Rate:
        """RR: cases with a level among the eligible ones."""
        return Rate(self.observed, self.eligible)

    @property
    def self_report_response(self) -> Rate:
        """RRs: cases with a self-report among the eligible ones."""
        return Rate(self.with_self_report, self.eligible)

    @property
    def partner_response(self) -> Rate:
        """RRp: cases with a partner's confirmation among the eligible ones."""
        return Rate(self.with_partner, self.eligible)

    @property
    def evidence_response(self) -> Rate:
        """RRe: cases with validated evidence among the eligible ones."""
        return Rate(self.with_evidence, self.eligible)

    def anchoring(self, threshold: Level = Level.INTEGRATED) -> AnchoringRate:
        """Return the share of cases at `threshold` or above; the headline is INTEGRATED."""
        reached = sum(self.at_level[threshold:])
        return AnchoringRate(
            among_respondents=Rate(reached, self.observed),
            low=Rate(reached, self.eligible),
            high=Rate(reached + self.unobserved, self.eligible),
        )


def summarise(outcomes: Iterable[WaveOutcome], on: date) -> WaveSummary:
    """Return the counts of a group at one wave on a reference day.

    Only windows closed before that day count, and only cases not stopped on the due day.
    """
    eligible = [o for o in outcomes if o.closes < on and not o.stopped_at_due]
    levels = [o.level for o in eligible]
    return WaveSummary(
        eligible=len(eligible),
        at_level=(
            levels.count(Level.ACQUIRED),
            levels.count(Level.TRIED),
            levels.count(Level.INTEGRATED),
            levels.count(Level.PASSED_ON),
        ),
        with_self_report=sum(o.self_report is not None for o in eligible),
        with_partner=sum(o.partner is not None for o in eligible),
        with_evidence=sum(o.evidence is not None for o in eligible),
    )
