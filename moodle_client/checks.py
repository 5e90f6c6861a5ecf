"""What a token can and cannot do on its site, found by asking little: typed findings, no prose.

Functions missing from the service come from the site information. Capabilities are found by calling
one function each on one course and one person, because Moodle has no function that tells them;
several of them make answers silently poorer, and are found by comparing two answers.
"""

from collections.abc import Iterable

from moodle_client.client import MoodleClient
from moodle_client.findings import Check, FindingCode
from moodle_client.functions import Function
from moodle_client.trial import Trial

READING = (
    Function.SITE_INFO,
    Function.COURSES,
    Function.COURSES_BY_FIELD,
    Function.ENROLLED_USERS,
    Function.USERS_BY_FIELD,
    Function.COHORTS,
    Function.COHORT_MEMBERS,
    Function.COURSE_GROUPS,
    Function.GROUP_MEMBERS,
    Function.GRADE_ITEMS,
    Function.COURSE_COMPLETION,
    Function.ACTIVITIES_COMPLETION,
    Function.COURSE_COMPETENCIES,
    Function.USER_COMPETENCY_IN_COURSE,
)
"""The functions needed to follow courses, people, grades, completion and rated competencies."""


def probe(
    client: MoodleClient,
    needed: Iterable[Function] = READING,
    *,
    course_id: int | None = None,
    user_id: int | None = None,
) -> Check:
    """Try the functions needed, a dozen calls in all, and say what is missing.

    Args:
        client: the site and token to try.
        needed: functions that the program will call.
        course_id: the course to try them on; else the first one that shows a learner.
        user_id: the person to try them on; else the first learner of that course.
    """
    trial = Trial(client, frozenset(needed))
    site = trial.attempt(Function.SITE_INFO, client.get_site_info, FindingCode.NO_ANSWER)
    if site is not None:
        trial.look_at_site(site)
        trial.try_site_functions()
        sample = trial.choose_sample(trial.list_courses(), course_id)
        if sample is not None:
            trial.try_course_functions(sample.course_id)
            learner = user_id or trial.choose_learner(sample.people)
            if learner is not None:
                trial.try_learner_functions(sample.course_id, learner)
    return Check(site, trial.conclusion(), tuple(trial.tried))
