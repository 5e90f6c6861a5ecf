"""Completion of learners, one call for each: Moodle offers no function for several at once."""

from __future__ import annotations

from dataclasses import dataclass

from moodle_client import (
    CourseCompletion,
    MoodleClient,
    NoCriteria,
    NotEnrolled,
    NotFound,
    UserSuspended,
)

PERSON_ERRORS = (UserSuspended, NotEnrolled, NotFound)
"""Errors about one person, a deleted one included: the reading of the others goes on."""
NO_CRITERIA = "nocriteriaset"


@dataclass(frozen=True, slots=True)
class CompletionReading:
    """Completion of one person, or the code of the reason why there is none."""

    completion: CourseCompletion | None
    reason: str = ""


def read_completion(client: MoodleClient, moodle_id: int, user_id: int) -> CompletionReading:
    """Return the completion of one learner; ``NO_CRITERIA`` holds for the whole course.

    Raises:
        MoodleError: the site, not the person, cannot be read.
    """
    try:
        return CompletionReading(client.get_course_completion_status(moodle_id, user_id))
    except NoCriteria:
        return CompletionReading(None, NO_CRITERIA)
    except PERSON_ERRORS as error:
        return CompletionReading(None, error.errorcode or error.code)
