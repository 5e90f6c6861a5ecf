"""A small Moodle for the demo and the tests: an LTI 1.3 platform and a web-service peer.

It speaks to the tool over HTTP alone, with the shapes, quirks and errors recorded on Moodle 4.5.6.
It owns invented people, courses and grades; it imports no room of the tool.
"""

from lti_tool.demo.moodle.app import create_moodle_app
from lti_tool.demo.moodle.serving import running_moodle
from lti_tool.demo.moodle.site import DemoMoodle

__all__ = ["DemoMoodle", "create_moodle_app", "running_moodle"]
