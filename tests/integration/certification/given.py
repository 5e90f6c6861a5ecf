"""What tests of the certification say most: the day, the rule, an action, a criterion."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from lti_tool import clock
from lti_tool.certification.data import base_rule_text
from lti_tool.certification.models import EvidenceKind
from lti_tool.certification.rules.criteria import Criterion, Kind
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.service.evidence_form import EvidenceForm

NOW = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)
READ = NOW - timedelta(hours=4)
DAY = date(2027, 1, 20)


def an_action(**said: Any) -> EvidenceForm:
    """What a learner writes about a real action."""
    written: dict[str, Any] = {
        "kind": EvidenceKind.REAL_ACTION,
        "title": "Audition fictive au conseil",
        "happened_on": DAY,
        "author_role": "J’ai préparé et porté la demande.",
    }
    return EvidenceForm(**(written | said))


def rule_text(changes: dict[str, str] | None = None) -> str:
    """The base rule; ``changes`` replaces texts of its YAML."""
    text = base_rule_text()
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    return text


def the(kind: Kind, decision: Decision) -> Criterion:
    """The only criterion of that kind in a decision."""
    (leaf,) = [leaf for leaf in decision.leaves() if leaf.kind is kind]
    return leaf


def today() -> Any:
    """Stop the clock on the day of the tests."""
    return clock.set_to(NOW)
