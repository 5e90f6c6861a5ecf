"""What a trainer chose, checked, and as the content items of the answer (Deep Linking 2.0 §3.2).

Settings travel in ``custom``, so that Moodle copies them with the course; ``$Context.id.history``
is filled by Moodle at each launch and tells the copy from the original. An item carries no ``url``:
with one, Moodle would look for the tool by its address instead of keeping its number. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lti_tool.lti.activities import DOMAIN, HISTORY, ORIGIN, PLACEMENT
from lti_tool.lti.gradebook.columns import TAG, resource_id
from lti_tool.lti.gradebook.outcomes import MAXIMUM
from lti_tool.lti.models import Outcome, Placement
from lti_tool.lti.selections import RESOURCE_LINK
from lti_tool.lti.texts import plain_text

TITLE_LENGTH = 255


class Problem(StrEnum):
    """Why a choice cannot be sent as it is; the sentences are in ``wording``."""

    NOTHING = "nothing"
    ONE_ONLY = "one_only"
    DOMAIN = "domain"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the trainer chose."""

    titles: Mapping[Placement, str]
    """Of each placement chosen, in the order of the page."""
    domain: str = ""
    """Domain that the evidence is for; empty: the learner chooses among those of the course."""
    column: bool = False
    """Whether « Passage à l'action » comes with a column of the gradebook."""

    @classmethod
    def read(cls, places: Collection[str], fields: Mapping[str, str]) -> Choice:
        """Return the choice out of posted fields; what is none of ours is left out."""
        return cls(
            titles={
                one: plain_text(fields.get(f"title_{one}"), TITLE_LENGTH)
                for one in Placement
                if one in places
            },
            domain=fields.get("domain", ""),
            column=fields.get("column") == "1",
        )

    def problems(self, *, multiple: bool, domains: Collection[str]) -> dict[str, Problem]:
        """Return the problem of each field; empty: it can be sent.

        Args:
            multiple: whether the platform takes several items.
            domains: codes of the domains that the course counts for.
        """
        found: dict[str, Problem] = {}
        if not self.titles:
            found["place"] = Problem.NOTHING
        elif len(self.titles) > 1 and not multiple:
            found["place"] = Problem.ONE_ONLY
        found |= {f"title_{one}": Problem.TITLE for one, title in self.titles.items() if not title}
        if self.domain and self.domain not in domains:
            found["domain"] = Problem.DOMAIN
        return found


def content_items(
    choice: Choice, sentences: Mapping[Placement, str], *, origin: int, columns: bool
) -> list[dict[str, Any]]:
    """Return the items of the answer.

    Args:
        choice: without problems.
        sentences: what each placement shows; becomes the description of the activity.
        origin: the course where the choice is made, by its number at the platform.
        columns: whether the platform takes columns of the gradebook.
    """
    return [
        _item(choice, placement, sentences[placement], origin, columns)
        for placement in choice.titles
    ]


def _item(
    choice: Choice, placement: Placement, sentence: str, origin: int, columns: bool
) -> dict[str, Any]:
    title = choice.titles[placement]
    custom = {PLACEMENT: str(placement), ORIGIN: str(origin), HISTORY: "$Context.id.history"}
    item: dict[str, Any] = {"type": RESOURCE_LINK, "title": title, "text": sentence}
    if placement == Placement.ACTION:
        if choice.domain:
            custom[DOMAIN] = choice.domain
        if choice.column and columns:
            item["lineItem"] = {
                "label": title,
                # Named as the gradebook names its own, so that publishing finds it and makes no other.
                "scoreMaximum": int(MAXIMUM),
                "resourceId": resource_id(Outcome.CERTIFIED),
                "tag": TAG,
            }
    return item | {"custom": custom}
