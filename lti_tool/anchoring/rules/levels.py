"""Levels of anchoring: what each source says, and the level established from them.

Specification §2.3 and §2.4. A level that nobody observed is None, never 0: only the absence of
use, said by a source, is level 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How far a skill is anchored, in one case at one wave."""

    ACQUIRED = 0
    """Certified, no real use in the window («Acquis, pas encore utilisé»)."""
    TRIED = 1
    """At least one real use («Essayé en situation réelle»)."""
    INTEGRATED = 2
    """At least two uses, in two actions, without being accompanied («Intégré à la pratique»)."""
    PASSED_ON = 3
    """Integrated, and others trained or a tool adopted («Transmis / ancré dans la structure»)."""


class Autonomy(IntEnum):
    """How the learner used the skill."""

    ACCOMPANIED = 0
    ALONE = 1
    ADAPTING = 2


class Transmission(IntEnum):
    """How the learner passed the skill on."""

    NONE = 0
    INFORMAL = 1
    TRAINED = 2
    """A session, or the accompaniment of at least one person."""
    ADOPTED = 3
    """A procedure or a tool adopted by the structure."""


MOST_USES = 5
"""The last answer offered: five uses or more."""


@dataclass(frozen=True, slots=True)
class SelfReport:
    """The four closed answers of the learner about the window."""

    uses: int
    """0 to 5, 5 meaning five or more."""
    distinct_actions: int
    autonomy: Autonomy
    transmission: Transmission

    def __post_init__(self) -> None:
        """Refuse numbers that the form does not offer."""
        if not 0 <= self.uses <= MOST_USES:
            raise ValueError(f"uses lie between 0 and {MOST_USES}")
        if self.distinct_actions < 0:
            raise ValueError("distinct actions are counted from 0")


def reported_level(report: SelfReport) -> Level:
    """Return the level S that the learner's answers mean."""
    passed_on = report.transmission >= Transmission.TRAINED
    uses = max(report.uses, 1 if passed_on else 0)
    if uses == 0:
        return Level.ACQUIRED
    alone = report.autonomy >= Autonomy.ALONE
    if uses < 2 or report.distinct_actions < 2 or not alone:
        return Level.TRIED
    return Level.PASSED_ON if passed_on else Level.INTEGRATED


class EvidenceUse(StrEnum):
    """What a validated piece of evidence shows."""

    USAGE = "usage"
    TRANSMISSION = "transmission"


@dataclass(frozen=True, slots=True)
class ValidatedEvidence:
    """A piece of evidence validated by a trainer or a coordinator; give no other."""

    shows: EvidenceUse
    action: str
    """What tells one action from another."""
    happened_on: date


@dataclass(frozen=True, slots=True)
class EvidencePeriod:
    """The days of a wave's evidence: after `after`, up to `until` included."""

    after: date
    until: date
    since: date
    """The award: what happened after it may serve as the first of two uses, in any wave."""

    def __contains__(self, day: date) -> bool:
        """Return whether the day is in the wave's own period."""
        return self.after < day <= self.until


_APART = timedelta(days=30)


def evidence_level(evidence: Iterable[ValidatedEvidence], period: EvidencePeriod) -> Level | None:
    """Return the level E that validated evidence shows, None without any in the period.

    Two uses make level 2 when they are of distinct actions at least 30 days apart and one of them
    is in the period; the other may come from an earlier wave. A transmission without a use in the
    period shows level 1, as in the self-report: who passed it on has used it.
    """
    known = [item for item in evidence if period.since < item.happened_on <= period.until]
    now = [item for item in known if item.happened_on in period]
    if not now:
        return None
    uses = [item for item in now if item.shows is EvidenceUse.USAGE]
    if uses and len(uses) < len(now):
        return Level.PASSED_ON
    others = [item for item in known if item.shows is EvidenceUse.USAGE]
    if any(_are_two_uses(one, other) for one in uses for other in others):
        return Level.INTEGRATED
    return Level.TRIED


def _are_two_uses(one: ValidatedEvidence, other: ValidatedEvidence) -> bool:
    return one.action != other.action and abs(one.happened_on - other.happened_on) >= _APART


class Confidence(StrEnum):
    """How far the established level can be relied upon."""

    A = "A"
    """Two sources or more, and evidence that shows at least that level."""
    B = "B"
    """Two sources or more."""
    C = "C"
    """One source: declared, and capped at level 1."""
    D = "D"
    """No source."""


@dataclass(frozen=True, slots=True)
class Established:
    """The level of a case at a wave; None: not observed."""

    level: Level | None
    confidence: Confidence
    divergent: bool
    """Two sources at least two levels apart: the coordination looks into it."""


_DIVERGENCE = 2


def establish(
    self_report: Level | None, partner: Level | None, evidence: Level | None
) -> Established:
    """Return the level established from what each source says, None when it says nothing.

    The second largest of the known levels: the median of three, the lower of two. A single source
    never goes above level 1.
    """
    known = sorted(level for level in (self_report, partner, evidence) if level is not None)
    if not known:
        return Established(None, Confidence.D, divergent=False)
    if len(known) == 1:
        return Established(min(known[0], Level.TRIED), Confidence.C, divergent=False)
    level = known[-2]
    proven = evidence is not None and evidence >= level
    return Established(
        level,
        Confidence.A if proven else Confidence.B,
        divergent=known[-1] - known[0] >= _DIVERGENCE,
    )
