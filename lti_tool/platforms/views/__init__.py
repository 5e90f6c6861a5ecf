"""Pages of the coordination about Moodle sites, what they may open, and the tool's own keys."""

from lti_tool.platforms.views import diagnosis, keys, registrations, service_account, sites
from lti_tool.platforms.views.blueprint import blueprint

__all__ = ["blueprint", "diagnosis", "keys", "registrations", "service_account", "sites"]
