"""The examples of docs/reference/rules.md, executed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.certification.data import base_rule_text
from lti_tool.certification.rules.facts import COURSE_TOTAL, GradeFact, UnreadableReason
from lti_tool.certification.rules.leaves import GradeLeaf, grade
from lti_tool.certification.rules.model import AllOf, Mapped, Route
from lti_tool.certification.rules.parser import RuleError, parse_rule
from tests.reference.pages import ROOT

TEXT = (ROOT / "docs" / "reference" / "rules.md").read_text("utf-8")
NOW = datetime(2027, 3, 12, tzinfo=UTC)
EARLIER = datetime(2027, 3, 1, tzinfo=UTC)
REFUSED = re.compile(r"<!-- refused: (\w+), line (\d+) -->\n```yaml\n(.*?)```", re.DOTALL)
ACCEPTED = re.compile(r"(?<!-->\n)```yaml\n(.*?)```", re.DOTALL)
ROW = re.compile(
    r"^\| (—|[\d.]+) \| (\d+) \| (\d+) \|(.*?)\| (\S+) \| (\w+) \| (\w+) \|$", re.MULTILINE
)
SAID: dict[str, dict[str, Any]] = {
    "": {},
    "closed": {"deadline": EARLIER},
    "hidden": {"hidden": True},
    "overridden": {"overridden": True},
    "excluded": {"excluded": True},
    "recalculating": {"needs_update": True},
    "suspended": {"unreadable": UnreadableReason.ENROLMENT_SUSPENDED},
}


def base_leaf() -> GradeLeaf:
    """The grade leaf of the base rule."""
    root = parse_rule(base_rule_text()).routes[Route.FORMATION]
    assert isinstance(root, AllOf)
    mapped = root.children[0]
    assert isinstance(mapped, Mapped)
    assert isinstance(mapped.child, AllOf)
    leaf = mapped.child.children[0]
    assert isinstance(leaf, GradeLeaf)
    return leaf


@pytest.mark.parametrize("text", [found[1] for found in ACCEPTED.finditer(TEXT)])
def test_the_examples_are_rules(text: str) -> None:
    assert parse_rule(text).routes


def test_there_are_examples_of_each_sort() -> None:
    assert len(ACCEPTED.findall(TEXT)) == 2
    assert len(REFUSED.findall(TEXT)) >= 3
    assert len(ROW.findall(TEXT)) >= 14


@pytest.mark.parametrize(("code", "line", "text"), REFUSED.findall(TEXT))
def test_the_examples_of_refusal_are_refused_there(code: str, line: str, text: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_rule(text)
    assert (refused.value.code.value, refused.value.line) == (code, int(line))


@pytest.mark.parametrize(
    ("final", "low", "high", "said", "measured", "status", "reason"), ROW.findall(TEXT)
)
def test_the_worked_grades_come_out_as_the_page_says(
    final: str, low: str, high: str, said: str, measured: str, status: str, reason: str
) -> None:
    facts: dict[str, Any] = {
        "site": "https://moodle.example.org",
        "course": "RMP-ADL-04",
        "item": COURSE_TOTAL,
        "snapshot_id": "1",
        "fetched_at": EARLIER,
        "final": None if final == "—" else Decimal(final),
        "grademin": Decimal(low),
        "grademax": Decimal(high),
        "hidden": False,
        "overridden": False,
        "excluded": False,
    }
    fact = GradeFact(**(facts | SAID[said.strip()]))
    found = grade.judge(base_leaf(), fact, course="RMP-ADL-04", path="0", at=NOW)
    shown = "—" if found.measured is None else str(found.measured.amount)
    assert (shown, found.status.value, found.reason.value) == (measured, status, reason)
