"""Competencies rated in Moodle, in words: shown beside our own, and deciding nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from lti_tool.grades.competencies.ratings import Rating


@dataclass(frozen=True, slots=True)
class RatingView:
    """One competency and where a person stands on it, as Moodle says."""

    name: str
    domain: str
    """Code of our domain, « RMP-ADL 4 »; empty when Moodle's number names none."""
    level: str
    tone: str
    rated_at: datetime | None
    read_at: datetime


def rating_views(ratings: Sequence[Rating]) -> tuple[RatingView, ...]:
    """Return the ratings of one person in words."""
    return tuple(
        RatingView(
            name=one.name,
            domain=f"RMP-ADL\N{NO-BREAK SPACE}{one.domain}" if one.domain else "",
            level=_level(one),
            tone="success" if one.proficient else "neutral",
            rated_at=one.rated_at,
            read_at=one.read_at,
        )
        for one in ratings
    )


def beside_domains(numbers: Sequence[int], ratings: Sequence[Rating]) -> list[list[Rating]]:
    """Return the ratings to show beside each domain: its own, and beside the first those of no other.

    Args:
        numbers: of the domains, as a page shows them; the same may come twice, for two sub-themes.
    """
    beside: list[list[Rating]] = [[] for _number in numbers]
    for one in ratings:
        place = numbers.index(one.domain) if one.domain in numbers else 0
        if beside:
            beside[place].append(one)
    return beside


def _level(rating: Rating) -> str:
    if not rating.is_rated:
        return str(_("pas encore évaluée"))
    if rating.proficient is None:
        return rating.label
    mastered = _("maîtrisée") if rating.proficient else _("pas encore maîtrisée")
    return f"{rating.label} · {mastered}"
