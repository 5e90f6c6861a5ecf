"""Pages of the certification, in a course: those of its trainers and those of its learners."""

from lti_tool.certification.views import drift, evidence, learner, own_evidence, proposals, trainer
from lti_tool.certification.views.blueprint import blueprint

__all__ = ["blueprint", "drift", "evidence", "learner", "own_evidence", "proposals", "trainer"]
