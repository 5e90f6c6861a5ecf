"""Which page shows what an activity was placed for, for each role in the course.

Owns the table that binds a placement of ``lti`` to pages of rooms further on the street, named by
their endpoints: neither imports the other. Each page keeps its own access check.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a course and the part of it to show first."""

    endpoint: str
    anchor: str | None = None
    takes_domain: bool = False
    """Whether the address may carry the domain that the activity was placed for."""


LANDING = {
    ("path", "learner"): Page("certification.path"),
    ("path", "trainer"): Page("certification.course"),
    ("action", "learner"): Page("certification.my_evidence", takes_domain=True),
    ("action", "trainer"): Page("certification.evidence_queue"),
    ("certification", "learner"): Page("certification.path", "certificats"),
    ("certification", "trainer"): Page("certification.proposals"),
    ("cohort", "learner"): Page("certification.path"),
    ("cohort", "trainer"): Page("certification.course", "apprenants"),
}
"""(placement, role) → page. « Cohorte » is for trainers and leads: a learner is led to their path."""
