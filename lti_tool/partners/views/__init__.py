"""Pages of the coordination about the partners: associations, agreements, cohorts, proposals, leads."""

from lti_tool.partners import own_data
from lti_tool.partners.views import associations, membership, proposals, untied
from lti_tool.partners.views.blueprint import blueprint

__all__ = ["associations", "blueprint", "membership", "own_data", "proposals", "untied"]
