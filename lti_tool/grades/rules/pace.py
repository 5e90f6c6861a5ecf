"""How many calls a site is given at once: one more while it answers well, half when it suffers.

Additive increase, multiplicative decrease, as TCP does: many readers find their share of a site
without knowing of each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

SLOW = 3.0
"""Times the usual seconds from which an answer says that the site suffers."""
FIRST = 2.0
"""Calls at once to begin with."""
PAUSE = 1.0
"""Seconds of pause after a first refusal; it doubles with each that follows."""
LONGEST_PAUSE = 60.0
LEARNT = 0.2
"""Weight of an answer in what is usual."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a site can bear, as it answered so far.

    Args:
        ceiling: calls at once that are never exceeded.
        allowed: calls at once, in fractions while it grows.
        usual: seconds that an answer takes; None before the first.
        in_flight: answers still to come to calls made before the last cut, which say nothing new.
        refusals: refusals since the last good answer.
    """

    ceiling: int
    allowed: float = FIRST
    usual: float | None = None
    in_flight: int = 0
    refusals: int = 0

    @property
    def at_once(self) -> int:
        """Calls that may be made at once now."""
        return max(1, min(self.ceiling, int(self.allowed)))

    def answered(self, seconds: float) -> Pace:
        """Return the pace after a good answer.

        Args:
            seconds: that it took, for each learner of it.
        """
        if self.usual is not None and seconds > SLOW * self.usual:
            return replace(self._cut(), refusals=0)
        usual = seconds if self.usual is None else self.usual + LEARNT * (seconds - self.usual)
        return replace(
            self,
            allowed=min(float(self.ceiling), self.allowed + 1 / max(self.allowed, 1.0)),
            usual=usual,
            in_flight=max(0, self.in_flight - 1),
            refusals=0,
        )

    def refused(self) -> Pace:
        """Return the pace after a failure of the site, or a word that it is asked too much."""
        return replace(self._cut(), refusals=self.refusals + 1)

    def pause(self, asked: int | None = None) -> float:
        """Return the seconds to wait before the next call.

        Args:
            asked: seconds that the site asked for (``Retry-After``).
        """
        if not self.refusals:
            return 0.0
        waited = PAUSE * 2 ** min(self.refusals - 1, 10)
        return float(min(LONGEST_PAUSE, max(waited, asked or 0)))

    def _cut(self) -> Pace:
        if self.in_flight > 0:
            return replace(self, in_flight=self.in_flight - 1)
        return replace(self, allowed=max(1.0, self.allowed / 2), in_flight=self.at_once - 1)
