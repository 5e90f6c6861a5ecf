"""The web-service functions that this client calls, each with the capabilities it needs.

All of them only read. The capabilities were measured on Moodle 4.5 by removing one at a time;
those that only make an answer poorer are told in the docstrings.
"""

from enum import StrEnum

_COURSE = "moodle/course:view"
_PLANS = "moodle/competency:planview"


class Function(StrEnum):
    """A wsfunction; `capabilities` lists what an error about rights may be missing, likeliest first."""

    capabilities: tuple[str, ...]

    def __new__(cls, value: str, *capabilities: str) -> "Function":
        """Make a member out of its wsfunction name and the capabilities it needs."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.capabilities = capabilities
        return member

    SITE_INFO = "core_webservice_get_site_info", "webservice/rest:use"
    """The site, the service account and the functions of its service."""

    COURSES = "core_course_get_courses", _COURSE, "moodle/course:viewhiddencourses"
    """All courses; fails as a whole when one course cannot be seen. `course:update` adds idnumber."""

    COURSES_BY_FIELD = "core_course_get_courses_by_field", _COURSE
    """Courses by id, idnumber, short name or category; leaves out silently what cannot be seen."""

    CATEGORIES = "core_course_get_categories", "moodle/category:viewcourselist"
    """Course categories; their idnumber needs `moodle/category:manage`."""

    COURSE_CONTENTS = "core_course_get_contents", _COURSE, "moodle/course:viewhiddenactivities"
    """Sections and activities; hidden activities are left out without `viewhiddenactivities`."""

    ENROLLED_USERS = (
        "core_enrol_get_enrolled_users",
        "moodle/course:enrolreview",
        "moodle/course:viewparticipants",
        _COURSE,
    )
    """People enrolled; empty in separate groups without `accessallgroups`, only trainers
    without `moodle/user:viewdetails`."""

    USERS_COURSES = "core_enrol_get_users_courses", "moodle/course:enrolreview"
    """Courses of one person; empty without the capability."""

    USERS_BY_FIELD = "core_user_get_users_by_field", "moodle/user:viewdetails"
    """People by id, idnumber, username or e-mail; leaves out silently who cannot be seen."""

    USERS = "core_user_get_users", "moodle/user:viewdetails"
    """People search."""

    COURSE_GROUPS = "core_group_get_course_groups", "moodle/course:managegroups"
    """Groups of a course."""

    GROUP_MEMBERS = "core_group_get_group_members", "moodle/course:managegroups"
    """User ids of groups."""

    COURSE_USER_GROUPS = "core_group_get_course_user_groups", "moodle/course:managegroups"
    """Groups of one person in a course."""

    COHORTS = "core_cohort_get_cohorts", "moodle/cohort:view"
    """Cohorts."""

    COHORT_MEMBERS = "core_cohort_get_cohort_members", "moodle/cohort:view"
    """User ids of cohorts; fails as a whole on one unknown cohort."""

    SEARCH_COHORTS = "core_cohort_search_cohorts", "moodle/cohort:view"
    """Cohorts by name in a context."""

    GRADE_ITEMS = (
        "gradereport_user_get_grade_items",
        "moodle/grade:viewall",
        "gradereport/user:view",
        "moodle/site:accessallgroups",
        _COURSE,
    )
    """The gradebook. Without `moodle/grade:viewhidden` and `mod/<type>:view` items are left out."""

    GRADES_TABLE = (
        "gradereport_user_get_grades_table",
        "moodle/grade:viewall",
        "gradereport/user:view",
    )
    """The same gradebook as table cells of HTML."""

    COURSE_GRADES = "gradereport_overview_get_course_grades", "moodle/grade:viewall"
    """Course totals of one person."""

    GRADE_TREE = "core_grades_get_grade_tree", "gradereport/user:view", "moodle/grade:viewall"
    """Grade categories and items as a tree: the only source of category names."""

    GRADE_ITEM_NAMES = "core_grades_get_gradeitems", "moodle/grade:viewall"
    """Flat list of grade items with the name of their category."""

    COURSE_COMPLETION = "core_completion_get_course_completion_status", "report/completion:view"
    """Course completion of one person."""

    ACTIVITIES_COMPLETION = (
        "core_completion_get_activities_completion_status",
        "report/progress:view",
    )
    """Activity completion of one person."""

    ASSIGNMENTS = "mod_assign_get_assignments", "mod/assign:view", _COURSE
    """Assignments of courses; a warning in place of what cannot be seen."""

    ASSIGNMENT_GRADES = "mod_assign_get_grades", "mod/assign:viewgrades"
    """Grades inside assignments, which are not those of the gradebook."""

    SUBMISSIONS = "mod_assign_get_submissions", "mod/assign:viewgrades"
    """Submissions; those of suspended people need `moodle/course:viewsuspendedusers`."""

    COURSE_COMPETENCIES = (
        "core_competency_list_course_competencies",
        "moodle/competency:coursecompetencyview",
    )
    """Competencies linked to a course."""

    COMPETENCY = "core_competency_read_competency", "moodle/competency:competencyview"
    """One competency."""

    COMPETENCY_FRAMEWORKS = (
        "core_competency_list_competency_frameworks",
        "moodle/competency:competencyview",
    )
    """Competency frameworks."""

    COMPETENCIES = "core_competency_list_competencies", "moodle/competency:competencyview"
    """Competencies of a framework."""

    USER_PLANS = "core_competency_list_user_plans", _PLANS
    """Learning plans of one person."""

    PLAN_COMPETENCIES = "core_competency_list_plan_competencies", _PLANS
    """Competencies of a plan with their rating."""

    COURSE_COMPETENCIES_PAGE = (
        "tool_lp_data_for_course_competencies_page",
        "moodle/competency:coursecompetencyview",
    )
    """Competencies of a course with statistics."""

    USER_COMPETENCY_IN_COURSE = (
        "tool_lp_data_for_user_competency_summary_in_course",
        _PLANS,
        "moodle/competency:usercompetencyview",
        "moodle/competency:coursecompetencyview",
    )
    """Rating of one competency for one person in a course, with its evidence; `planview` is enough. Where
    there was none, the question itself makes an empty record in Moodle."""

    PLANS_PAGE = "tool_lp_data_for_plans_page", _PLANS
    """Learning plans of one person, as the plans page shows them."""

    CALENDAR_EVENTS = "core_calendar_get_calendar_events", "moodle/calendar:manageentries"
    """Calendar events; a warning for each that is left out."""

    REPORTS = "core_reportbuilder_list_reports", "moodle/reportbuilder:view"
    """Custom reports that the account may see."""

    RETRIEVE_REPORT = "core_reportbuilder_retrieve_report", "moodle/reportbuilder:view"
    """One page of a custom report."""


def find_function(wsfunction: str) -> Function | None:
    """The member of this name, or None for a function that this client does not know."""
    try:
        return Function(wsfunction)
    except ValueError:
        return None
