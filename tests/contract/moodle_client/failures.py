"""The recordings that are errors, and the class, the error code and the reason each must give."""

from __future__ import annotations

from moodle_client import (
    AccessDenied,
    CourseInaccessible,
    InvalidParameter,
    InvalidToken,
    LoginRefused,
    Maintenance,
    MissingCapability,
    MissingFunction,
    MoodleError,
    NoCriteria,
    NotEnrolled,
    NotFound,
    NotMoodle,
    ProtocolDisabled,
    ServerFailure,
    ServiceAccountClosed,
    SiteNotReady,
    UserDeleted,
)

Failure = tuple[type[MoodleError], str | None, str | None]

_COURSE_CLOSED: Failure = (CourseInaccessible, "errorcoursecontextnotvalid", None)
_LOGIN_NEEDED: Failure = (CourseInaccessible, "requireloginerror", None)
_NO_PERMISSION: Failure = (MissingCapability, "nopermissions", None)
_NO_ACCESS: Failure = (AccessDenied, "accessexception", None)
_BAD_TOKEN: Failure = (InvalidToken, "invalidtoken", None)
_BAD_PARAMETER: Failure = (InvalidParameter, "invalidparameter", None)
_NO_RECORD: Failure = (NotFound, "invalidrecord", None)
_NO_CRITERIA: Failure = (NoCriteria, "nocriteriaset", None)
_NOT_ENROLLED: Failure = (NotEnrolled, "usernotenroled", None)
_DATABASE: Failure = (ServerFailure, "dmlreadexception", None)
_XML: Failure = (NotMoodle, None, "xml")
_NOT_ALLOWED: Failure = (LoginRefused, "usernotallowed", None)

FAILURES: dict[str, Failure] = {
    "core_cohort_get_cohort_members-unknown": _NO_RECORD,
    "core_competency_list_competency_frameworks-empty-sort": _DATABASE,
    "core_completion_get_course_completion_status-no-criteria": _NO_CRITERIA,
    "core_completion_get_course_completion_status-suspended-enrolment": _NOT_ENROLLED,
    "core_completion_get_course_completion_status-user-not-enrolled": _NOT_ENROLLED,
    "core_course_get_categories-idnumber": (MissingCapability, "criteriaerror", None),
    "core_reportbuilder_retrieve_report-error-not-allowed": (
        MissingCapability,
        "errorreportview",
        None,
    ),
    "core_reportbuilder_retrieve_report-error-unknown-report": _NO_RECORD,
    "core_webservice_get_site_info-xml": _XML,
    "error-completion-no-criteria": _NO_CRITERIA,
    "error-deleted-user": (UserDeleted, "userdeleted", None),
    "error-empty-sort-debug": _DATABASE,
    "error-empty-token": _BAD_TOKEN,
    "error-expired-token": _NO_ACCESS,
    "error-expired-token-second-use": _BAD_TOKEN,
    "error-files-upload-no-args": _BAD_PARAMETER,
    "error-forced-password-change": (
        SiteNotReady,
        "errorcoursecontextnotvalid",
        "password_change",
    ),
    "error-function-not-in-service": _NO_ACCESS,
    "error-http-404": (NotMoodle, None, "http_404"),
    "error-invalid-field": (InvalidParameter, "codingerror", None),
    "error-invalid-parameter": _BAD_PARAMETER,
    "error-invalid-parameter-array": _BAD_PARAMETER,
    "error-invalid-parameter-debug": _BAD_PARAMETER,
    "error-invalid-token": _BAD_TOKEN,
    "error-ip-restriction": _NO_ACCESS,
    "error-learner-hidden-course": _LOGIN_NEEDED,
    "error-learner-other-user": (MissingCapability, "nopermissiontoviewgrades", None),
    "error-maintenance-cli": (Maintenance, None, "http_503"),
    "error-maintenance-cli-lti-token": (Maintenance, None, "http_503"),
    "error-maintenance-web": (Maintenance, "sitemaintenance", None),
    "error-maintenance-web-lti-token": (NotMoodle, None, "http_400"),
    "error-maintenance-web-page": (NotMoodle, None, "login_page"),
    "error-missing-capability-cohorts": _NO_PERMISSION,
    "error-missing-capability-competency": _NO_PERMISSION,
    "error-missing-capability-courses": _COURSE_CLOSED,
    "error-missing-capability-enrolled": _COURSE_CLOSED,
    "error-missing-capability-grades": _LOGIN_NEEDED,
    "error-missing-parameter": _BAD_PARAMETER,
    "error-negative-course": _NO_RECORD,
    "error-no-function": _BAD_PARAMETER,
    "error-no-rest-capability": _NO_ACCESS,
    "error-no-token": _BAD_TOKEN,
    "error-null-bytes": _BAD_PARAMETER,
    "error-one-hidden-course": _COURSE_CLOSED,
    "error-rest-disabled": (ProtocolDisabled, None, "http_403"),
    "error-service-disabled": _NO_ACCESS,
    "error-site-policy": (SiteNotReady, "errorcoursecontextnotvalid", "site_policy"),
    "error-suspended-account": (ServiceAccountClosed, "wsaccessusersuspended", None),
    "error-unknown-format": _XML,
    "error-unknown-function": (MissingFunction, "invalidrecord", "unknown_to_site"),
    "error-unknown-parameter": _BAD_PARAMETER,
    "error-webservices-disabled": (ProtocolDisabled, None, "http_403"),
    "error-wrong-competency": _NO_RECORD,
    "error-wrong-course": _NO_RECORD,
    "error-wrong-course-contents": _NO_RECORD,
    "error-wrong-course-debug": _NO_RECORD,
    "error-wrong-course-enrolled": _NO_RECORD,
    "error-wrong-user": (NotFound, "invaliduser", None),
    "error-xml-format": _XML,
    "gradereport_user_get_grade_items-all-as-learner": _NO_PERMISSION,
    "gradereport_user_get_grade_items-own-showgrades-off": _LOGIN_NEEDED,
    "login-token-admin": _NOT_ALLOWED,
    "login-token-bad-password": (LoginRefused, "invalidlogin", None),
    "login-token-not-authorised": _NOT_ALLOWED,
    "login-token-unknown-service": (LoginRefused, "servicenotavailable", None),
}
