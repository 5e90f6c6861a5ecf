"""From Moodle's `errorcode` to an error class. The codes are those of Moodle 4.1 to 4.5."""

from collections.abc import Mapping
from typing import Any

from moodle_client import errors
from moodle_client.errors import MoodleError
from moodle_client.functions import find_function
from moodle_client.text import plain_text

_BY_ERRORCODE: Mapping[str, type[MoodleError]] = {
    "invalidtoken": errors.InvalidToken,
    "accessexception": errors.AccessDenied,
    "wsaccessusersuspended": errors.ServiceAccountClosed,
    "wsaccessuserdeleted": errors.ServiceAccountClosed,
    "wsaccessuserunconfirmed": errors.ServiceAccountClosed,
    "wsaccessuserexpired": errors.ServiceAccountClosed,
    "wsaccessusernologin": errors.ServiceAccountClosed,
    "sitepolicynotagreed": errors.SiteNotReady,
    "forcepasswordchangenotice": errors.SiteNotReady,
    "usernotfullysetup": errors.SiteNotReady,
    "sitemaintenance": errors.Maintenance,
    "upgraderunning": errors.Maintenance,
    "nopermissions": errors.MissingCapability,
    "nopermissiontoviewgrades": errors.MissingCapability,
    "cannotviewreport": errors.MissingCapability,
    "errorreportview": errors.MissingCapability,
    "criteriaerror": errors.MissingCapability,
    "notingroup": errors.MissingCapability,
    "errorcoursecontextnotvalid": errors.CourseInaccessible,
    "requireloginerror": errors.CourseInaccessible,
    "invalidparameter": errors.InvalidParameter,
    "codingerror": errors.InvalidParameter,
    "invalidrecord": errors.NotFound,
    "invalidrecordunknown": errors.NotFound,
    "invaliduser": errors.NotFound,
    "invaliduserid": errors.NotFound,
    "invalidcourseid": errors.NotFound,
    "unknowncourseidnumber": errors.NotFound,
    "cannotfindcourse": errors.NotFound,
    "userdeleted": errors.UserDeleted,
    "suspended": errors.UserSuspended,
    "usernotconfirmed": errors.UserSuspended,
    "usernotenroled": errors.NotEnrolled,
    "notenrolled": errors.NotEnrolled,
    "nocriteriaset": errors.NoCriteria,
    "dmlreadexception": errors.ServerFailure,
    "dmlwriteexception": errors.ServerFailure,
    "dbconnectionfailed": errors.ServerFailure,
    "dbsessionbroken": errors.ServerFailure,
    "invalidresponse": errors.ServerFailure,
    "invalidlogin": errors.LoginRefused,
    "usernotallowed": errors.LoginRefused,
    "servicenotavailable": errors.LoginRefused,
    "cannotcreatetoken": errors.LoginRefused,
}

# The text of these two obstacles carries a marker that no translation touches (the string's own
# name, the address of a page); Moodle gives them the error code of a closed course.
_NOT_READY_MARKERS = {
    "forcepasswordchangenotice": "password_change",
    "user/policy.php": "site_policy",
    "tool/policy/": "site_policy",
}

# Names the only table whose missing row means "no such function" instead of "no such object".
_FUNCTION_TABLE = "external_functions"

_CAPABILITIES_BY_ERRORCODE: Mapping[str, tuple[str, ...]] = {
    "notingroup": ("moodle/site:accessallgroups",),
    "errorcoursecontextnotvalid": ("moodle/course:view", "moodle/course:viewhiddencourses"),
    "requireloginerror": ("moodle/course:view", "moodle/course:viewhiddencourses"),
    "criteriaerror": ("moodle/category:manage",),
}


def failure_in(answer: Mapping[str, Any], wsfunction: str | None) -> MoodleError | None:
    """The error that an answer holds, if it is one.

    Two shapes exist: `{"exception", "errorcode", "message"}` from the REST server and
    `{"error", "errorcode"}` from `login/token.php`.
    """
    if "errorcode" not in answer or not ("exception" in answer or "error" in answer):
        return None
    errorcode = str(answer["errorcode"])
    message = str(answer.get("message") or answer.get("error") or "")
    if errorcode == "errorcoursecontextnotvalid":
        for marker, reason in _NOT_READY_MARKERS.items():
            if marker in message:
                return errors.SiteNotReady(
                    wsfunction=wsfunction, errorcode=errorcode, reason=reason
                )
    if errorcode == "invalidrecord" and _FUNCTION_TABLE in message:
        return errors.MissingFunction(
            wsfunction=wsfunction, errorcode=errorcode, reason="unknown_to_site"
        )
    kind = _BY_ERRORCODE.get(errorcode, errors.UnexpectedAnswer)
    text = plain_text(message)[:300]
    if issubclass(kind, errors.MissingCapability):
        return kind(
            wsfunction=wsfunction,
            errorcode=errorcode,
            moodle_message=text,
            capabilities=_capabilities(wsfunction, errorcode),
        )
    return kind(wsfunction=wsfunction, errorcode=errorcode, moodle_message=text)


def _capabilities(wsfunction: str | None, errorcode: str) -> tuple[str, ...]:
    if errorcode in _CAPABILITIES_BY_ERRORCODE:
        return _CAPABILITIES_BY_ERRORCODE[errorcode]
    function = find_function(wsfunction or "")
    return function.capabilities if function is not None else ()
