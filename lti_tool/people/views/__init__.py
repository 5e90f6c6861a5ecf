"""Pages of the people room: one's own data and choices, the session, access and grants."""

from lti_tool.people.views import access, linking, new_tab, own, present
from lti_tool.people.views.blueprint import blueprint

__all__ = ["access", "blueprint", "linking", "new_tab", "own", "present"]
