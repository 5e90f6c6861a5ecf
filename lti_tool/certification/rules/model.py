"""A certification rule: who publishes it for what, since when, and its tree of criteria by route.

Immutable, like the text it is read from (`parser`). Knows no learner: `evaluate` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lti_tool.certification.rules.leaves import Leaf

EACH_DOMAIN = "each"
"""Domain of a rule published once for all domains; see `Rule.for_domain`."""


class Route(StrEnum):
    """The ways to a certification that end in an evaluation."""

    FORMATION = "formation"
    VAE = "vae"
    APPRENTISSAGE = "apprentissage"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every child is needed."""

    children: tuple["Node", ...]

    def __post_init__(self) -> None:
        """Refuse an empty combination: it would be satisfied by nothing."""
        _require_children(self.children)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One child is enough."""

    children: tuple["Node", ...]

    def __post_init__(self) -> None:
        """Refuse an empty combination."""
        _require_children(self.children)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`k` children are enough."""

    k: int
    children: tuple["Node", ...]

    def __post_init__(self) -> None:
        """Refuse a number that the children cannot reach, or that nothing reaches."""
        _require_children(self.children)
        if not 1 <= self.k <= len(self.children):
            raise ValueError("k lies between 1 and the number of children")


@dataclass(frozen=True, slots=True)
class Mapped:
    """The child holds for the courses mapped to the domain.

    It is needed for every required course, and for at least one course of each group of
    alternatives; leaves of the child that name no course speak of the course being looked at, so
    one alternative cannot lend its grade to another. Optional courses are left out. No course:
    pending.
    """

    child: "Node"


Node = AllOf | AnyOf | AtLeast | Mapped | Leaf


@dataclass(frozen=True, slots=True)
class Effective:
    """The days on which a rule is in force, both included; no end when `valid_to` is None."""

    valid_from: date
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether the rule is in force that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One version of a rule."""

    code: str
    version: int
    title: str
    domain: str
    subtheme: str | None
    effective: Effective
    routes: Mapping[Route, Node]

    def for_domain(self, domain: str, label: str, subtheme: str | None = None) -> "Rule":
        """Return the rule of one domain from a rule published for each.

        The code becomes the domain's (`RMP-ADL-4`, `RMP-ADL-3-SANTE`) and the title gains `label`.

        Raises:
            ValueError: if the rule is already that of one domain.
        """
        if self.domain != EACH_DOMAIN:
            raise ValueError(f"rule {self.code} is already that of {self.domain}")
        code = domain if subtheme is None else f"{domain}-{subtheme.upper()}"
        title = f"{self.title} — {label}"
        return replace(self, code=code, title=title, domain=domain, subtheme=subtheme)


def _require_children(children: tuple["Node", ...]) -> None:
    if not children:
        raise ValueError("a combination has at least one child")
