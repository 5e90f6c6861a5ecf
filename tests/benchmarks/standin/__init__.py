"""A stand-in Moodle whose answers are cheap and whose delays are those measured on a real one.

A process of its own: what it costs is never mistaken for what the tool costs. It is no model of
Moodle (that is ``lti_tool.demo.moodle``): the same few shapes for any number of learners.
"""

from tests.benchmarks.standin.process import StandIn
from tests.benchmarks.standin.world import Delays, Layout

__all__ = ["Delays", "Layout", "StandIn"]
"""``with StandIn(Layout(courses=3)) as moodle: moodle.base_url, moodle.token, moodle.report()``."""
