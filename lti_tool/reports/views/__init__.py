"""Pages of the reports: the spaces of partner leads and coordinators, what the coordination settles."""

from lti_tool.reports.views import drift, settling, spaces
from lti_tool.reports.views.blueprint import blueprint

__all__ = ["blueprint", "drift", "settling", "spaces"]
