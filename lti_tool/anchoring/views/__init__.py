"""Pages of the anchoring room: the learner's follow-up, the lead's confirmations."""

from lti_tool.anchoring import own_data
from lti_tool.anchoring.views import learner, partner
from lti_tool.anchoring.views.blueprint import blueprint

__all__ = ["blueprint", "learner", "own_data", "partner"]
