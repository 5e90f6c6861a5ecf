"""The invented world of the demo's Moodle: the same on every machine for a given day.

``standings`` says who passed which course and when, so that awards shown by the tool agree with grades.
"""

from lti_tool.demo.moodle.seed.standings import PassedCourse, passed_courses
from lti_tool.demo.moodle.seed.world import build_world

__all__ = ["PassedCourse", "build_world", "passed_courses"]
