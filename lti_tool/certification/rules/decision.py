"""The decision that a rule proposes for one person: the tree of criteria and the overall status.

The engine proposes and a person decides; whoever reads the result reads this object. It is frozen
in JSON when an award is proposed, and read back years later: `FORMAT` numbers its shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lti_tool.certification.rules.criteria import Criterion
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.model import Route

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one rule says of one person at one moment."""

    rule: str
    version: int
    title: str
    domain: str
    subtheme: str | None
    route: Route
    at: datetime
    root: Criterion
    learner_view: bool = False
    """Made by `for_learner`: fit to be shown to the learner."""

    @property
    def status(self) -> Status:
        """The overall status."""
        return self.root.status

    def leaves(self) -> tuple[Criterion, ...]:
        """Return the criteria that measure something, in the rule's order."""
        return tuple(self.root.leaves())

    def for_learner(self) -> "Decision":
        """Return the decision without anything from which a hidden grade could be inferred (N6).

        Hidden grades become pending without value, source nor flag, and every combination is
        computed again from what is visible: two decisions that differ by hidden grades alone have
        the same learner's view. Flags belong to the audit trail and are left out.
        """
        return replace(self, root=self.root.for_learner(), learner_view=True)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values, exact: numbers as text, moments in ISO 8601."""
        return {
            "format": FORMAT,
            "rule": self.rule,
            "version": self.version,
            "title": self.title,
            "domain": self.domain,
            "subtheme": self.subtheme,
            "route": self.route.value,
            "at": self.at.isoformat(),
            "status": self.status.value,
            "root": self.root.to_dict(),
            "learner_view": self.learner_view,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Decision":
        """Read what `to_dict` wrote.

        Raises:
            ValueError: if it was written in a format that this version does not know.
        """
        if data["format"] != FORMAT:
            raise ValueError(f"unknown format of decision: {data['format']!r}")
        return cls(
            rule=data["rule"],
            version=data["version"],
            title=data["title"],
            domain=data["domain"],
            subtheme=data["subtheme"],
            route=Route(data["route"]),
            at=datetime.fromisoformat(data["at"]),
            root=Criterion.from_dict(data["root"]),
            learner_view=data["learner_view"],
        )
