"""What a launch makes of a person in one course: learner, trainer, or nobody.

Pure decision on the roles claim. Only *context* roles count, and in a sub-role the part before
``#`` decides: ``membership/Learner#Instructor`` is a learner. Institution and system roles never
make a trainer; nothing here makes a partner lead or a coordinator (N4). LTI 1.3 core §A.2;
spec/lti.md §4, rows 23 to 25.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lti_tool.people.models import CourseRole

_CONTEXT_ROLE = re.compile(
    r"http://purl\.imsglobal\.org/vocab/lis/v2/membership"
    r"(?:#(?P<principal>[A-Za-z]+)|/(?P<parent>[A-Za-z]+)#[A-Za-z]+)"
)
_OPENS = {"Instructor": CourseRole.TRAINER, "Learner": CourseRole.LEARNER}


def course_role(roles: Iterable[str]) -> CourseRole | None:
    """Return the role in the course, or None when the roles give none.

    A person who is both is a trainer: Moodle gives ``Instructor`` to those who may manage the
    activity, whatever else they are.
    """
    found = {_OPENS.get(_principal(role)) for role in roles}
    if CourseRole.TRAINER in found:
        return CourseRole.TRAINER
    return CourseRole.LEARNER if CourseRole.LEARNER in found else None


def _principal(role: str) -> str:
    """Return the principal context role that a URI or a short name stands for, or an empty text."""
    if role in _OPENS:
        return role
    match = _CONTEXT_ROLE.fullmatch(role)
    return (match["principal"] or match["parent"]) if match else ""
