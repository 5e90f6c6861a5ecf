"""How to read some learners of a course at the least cost, from what reading was measured to cost.

A whole-course read costs its site so much for each learner of the course, and dies when it is longer than the
web server allows; a group likewise, for its members; one learner costs more, and never dies.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

SAFE = 0.8
"""Share of the time limit that a read is planned to take at most: a site is not always as fast."""
WEIGHT = 0.3
"""Weight of the newest measure in a moving average."""
GROUPS_WORTH = 20
"""Learners from which it is worth two calls to know the groups."""
DIED = 0.5
"""Share of its foreseen time after which a read that failed is taken to have been too long."""


class Way(StrEnum):
    """How a gradebook is read."""

    WHOLE = "whole"
    GROUP = "group"
    SINGLE = "single"


class Measure(StrEnum):
    """What is measured of a site."""

    WHOLE = "whole"
    """Seconds for each learner of a whole course, or of a group."""
    SINGLE = "single"
    """Seconds for one learner by themselves."""
    LIMIT = "limit"
    """Seconds after which a read was seen to die."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What reading costs, in seconds.

    Args:
        whole: for each learner of a whole course or group.
        single: for one learner by themselves.
        limit: after which an answer is given up, by the site or by us.
    """

    whole: float = 0.030
    single: float = 0.060
    limit: float = 60.0

    def fits(self, learners: int) -> bool:
        """Whether so many learners can be read in one call."""
        return learners * self.whole <= SAFE * self.limit


@dataclass(frozen=True, slots=True)
class Step:
    """One call, or for ``SINGLE`` one call for each learner.

    Args:
        way: how.
        learners: whose gradebook is kept from it; each is in one step only.
        group: Moodle's number of the group.
    """

    way: Way
    learners: tuple[int, ...]
    group: int | None = None


def plan(
    wanted: Collection[int],
    present: int,
    costs: Costs,
    groups: Mapping[int, Collection[int]] | None = None,
) -> list[Step]:
    """Choose how to read learners: every one of them once, by the cheapest calls that will not die.

    Args:
        wanted: learners to read, by Moodle's user id.
        present: active learners of the course, whom a whole read costs.
        costs: as measured.
        groups: members of each group among the active learners; None: not known.
    """
    left = set(wanted)
    if not left:
        return []
    alone = len(left) * costs.single
    if costs.fits(present) and present * costs.whole <= alone:
        return [Step(Way.WHOLE, tuple(sorted(left)))]
    steps = []
    candidates = {
        number: members
        for number, members in (groups or {}).items()
        if members and costs.fits(len(members))
    }
    while candidates and left:
        # The group that spares most, the rest being read one by one; ties by number.
        number, spared = max(
            (
                (one, len(left.intersection(members)) * costs.single - len(members) * costs.whole)
                for one, members in candidates.items()
            ),
            key=lambda entry: (entry[1], -entry[0]),
        )
        if spared <= 0:
            break
        read = left.intersection(candidates.pop(number))
        steps.append(Step(Way.GROUP, tuple(sorted(read)), number))
        left -= read
    if left:
        steps.append(Step(Way.SINGLE, tuple(sorted(left))))
    return steps


def wants_groups(wanted: Collection[int], present: int, costs: Costs) -> bool:
    """Whether knowing the groups may make the plan cheaper: no whole read, and several to read."""
    whole = costs.fits(present) and present * costs.whole <= len(wanted) * costs.single
    return not whole and len(wanted) >= GROUPS_WORTH and costs.whole < costs.single


def averaged(known: float | None, measured: float) -> float:
    """Return a moving average, of which the first measure is the whole."""
    return measured if known is None else known + WEIGHT * (measured - known)


def died_of_time(elapsed: float, learners: int, costs: Costs) -> bool:
    """Whether a read that failed was too long, rather than refused at once by a site that is ill."""
    return elapsed >= DIED * min(learners * costs.whole, costs.limit)
