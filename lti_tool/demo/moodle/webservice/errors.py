"""Errors of the web services: sent with HTTP 200, told apart by ``errorcode``."""

from __future__ import annotations


class WebServiceError(Exception):
    """An error as Moodle writes it: class name, code and sentence."""

    def __init__(self, exception: str, errorcode: str, message: str) -> None:
        super().__init__(message)
        self.exception = exception
        self.errorcode = errorcode
        self.message = message

    def document(self) -> dict[str, str]:
        """Return the JSON answer."""
        return {
            "exception": self.exception,
            "errorcode": self.errorcode,
            "message": self.message,
        }


def moodle_error(errorcode: str, message: str) -> WebServiceError:
    """Return a ``moodle_exception``."""
    return WebServiceError("core\\exception\\moodle_exception", errorcode, message)


def invalid_parameter() -> WebServiceError:
    """Return the error of an unknown, missing or ill-typed parameter: it never says which."""
    return WebServiceError(
        "core\\exception\\invalid_parameter_exception",
        "invalidparameter",
        "Invalid parameter value detected",
    )


def access_refused() -> WebServiceError:
    """Return the error of every refusal before the function is called."""
    return WebServiceError(
        "webservice_access_exception", "accessexception", "Access control exception"
    )


def missing_record(table: str) -> WebServiceError:
    """Return the error of a number that stands for nothing."""
    return WebServiceError(
        "dml_missing_record_exception",
        "invalidrecord",
        f"Can't find data record in database table {table}.",
    )


def no_permission(name: str) -> WebServiceError:
    """Return the error of a missing capability, called by its English name."""
    return WebServiceError(
        "core\\exception\\required_capability_exception",
        "nopermissions",
        f"Sorry, but you do not currently have permissions to do that ({name}).",
    )


def login_required() -> WebServiceError:
    """Return the error of a course that the caller may not open (grades, completion, groups)."""
    return WebServiceError(
        "core\\exception\\require_login_exception",
        "requireloginerror",
        NOT_ACCESSIBLE,
    )


def bad_course_context(course: int, reason: str) -> WebServiceError:
    """Return the error of a course that the caller may not open (courses, people)."""
    return moodle_error(
        "errorcoursecontextnotvalid",
        f"You cannot execute functions in the course context (course id:{course}). "
        f"The context error message was: {reason}",
    )


NOT_ACCESSIBLE = "Course or activity not accessible."
