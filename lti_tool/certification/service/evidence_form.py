"""What a learner writes about an evidence, and what keeps it from being submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from lti_tool.certification.models import EvidenceKind, PlacePrecision

E = TypeVar("E", bound=StrEnum)

TITLE_LENGTH = 200
PLACE_LENGTH = 120
ROLE_LENGTH = 500
OUTCOME_LENGTH = 2000
LINK_LENGTH = 500


class Problem(StrEnum):
    """Why a field cannot be used as it is; the sentences are in ``present.wording``."""

    DOMAIN_MISSING = "domain_missing"
    KIND_MISSING = "kind_missing"
    TITLE_MISSING = "title_missing"
    TITLE_TOO_LONG = "title_too_long"
    DATE_MISSING = "date_missing"
    DATE_IN_FUTURE = "date_in_future"
    PLACE_MISSING = "place_missing"
    PLACE_TOO_LONG = "place_too_long"
    ROLE_MISSING = "role_missing"
    ROLE_TOO_LONG = "role_too_long"
    OUTCOME_TOO_LONG = "outcome_too_long"
    LINK_NOT_HTTPS = "link_not_https"
    LINK_TOO_LONG = "link_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceForm:
    """What the learner wrote, with nothing at its ends; None is not chosen."""

    kind: EvidenceKind | None
    title: str
    happened_on: date | None
    place_precision: PlacePrecision = PlacePrecision.NONE
    place: str = ""
    author_role: str
    outcome: str = ""
    link: str = ""

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> EvidenceForm:
        """Return the form out of posted fields; what cannot be understood is left unchosen."""
        texts = {name: _clean(fields.get(name, "")) for name in _TEXTS}
        precision = _member(PlacePrecision, fields.get("place_precision")) or PlacePrecision.NONE
        if precision is PlacePrecision.NONE:
            texts["place"] = ""
        return cls(
            kind=_member(EvidenceKind, fields.get("kind")),
            happened_on=_day(fields.get("happened_on", "")),
            place_precision=precision,
            **texts,
        )

    def problems(self, today: date) -> dict[str, Problem]:
        """Return the problem of each field, in the order of the form; empty: it can be submitted."""
        found = {
            "kind": Problem.KIND_MISSING if self.kind is None else None,
            "title": _text(self.title, TITLE_LENGTH, Problem.TITLE_TOO_LONG, Problem.TITLE_MISSING),
            "happened_on": self._date_problem(today),
            "place": self._place_problem(),
            "author_role": _text(
                self.author_role, ROLE_LENGTH, Problem.ROLE_TOO_LONG, Problem.ROLE_MISSING
            ),
            "outcome": _text(self.outcome, OUTCOME_LENGTH, Problem.OUTCOME_TOO_LONG),
            "link": self._link_problem(),
        }
        return {field: problem for field, problem in found.items() if problem is not None}

    def _date_problem(self, today: date) -> Problem | None:
        if self.happened_on is None:
            return Problem.DATE_MISSING
        return Problem.DATE_IN_FUTURE if self.happened_on > today else None

    def _place_problem(self) -> Problem | None:
        if self.place_precision is PlacePrecision.NONE:
            return None
        return _text(self.place, PLACE_LENGTH, Problem.PLACE_TOO_LONG, Problem.PLACE_MISSING)

    def _link_problem(self) -> Problem | None:
        if len(self.link) > LINK_LENGTH:
            return Problem.LINK_TOO_LONG
        return None if not self.link or _is_https(self.link) else Problem.LINK_NOT_HTTPS


_TEXTS = ("title", "place", "author_role", "outcome", "link")


def _text(
    text: str, length: int, too_long: Problem, missing: Problem | None = None
) -> Problem | None:
    if not text:
        return missing
    return too_long if len(text) > length else None


def _is_https(link: str) -> bool:
    try:
        address = urlsplit(link)
    except ValueError:
        return False
    return address.scheme == "https" and bool(address.hostname) and not any(map(str.isspace, link))


def _clean(text: str) -> str:
    """Take away the ends, and the signs that PostgreSQL refuses to store."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _member(kind: type[E], value: str | None) -> E | None:
    return kind(value) if value in set(kind) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
