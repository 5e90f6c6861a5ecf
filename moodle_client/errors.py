"""Everything that can go wrong when Moodle is read, one class per different reaction.

    MoodleError
    ├── Unreachable            try again later; check the address, the name, the certificate
    ├── AddressForbidden       the program that uses this client keeps it from this address
    ├── MoodleTimeout          try again later, ask for less at once
    ├── ServerFailure          the site is ill: try again later, tell its administrator
    ├── Maintenance            wait until the site is open again
    ├── TruncatedAnswer        the answer was cut: try again, ask for less at once
    ├── AnswerTooLarge         ask for less at once
    ├── NotMoodle              correct the address: another thing answers there
    ├── OtherSite              correct the address: another Moodle answers there, use nothing of it
    ├── UnexpectedAnswer       Moodle answers in a shape this client doesn't know: report it
    ├── ProtocolDisabled       switch on web services and the REST protocol
    ├── InvalidToken           make a new token
    ├── AccessDenied           function outside the service, expired token, other address, REST right
    │   └── MissingFunction    add the function to the service (or upgrade Moodle)
    ├── ServiceAccountClosed   the service account itself is suspended, deleted or not confirmed
    ├── SiteNotReady           the service account must accept the site policy or change its password
    ├── MissingCapability      give the role one more capability
    │   └── CourseInaccessible the account cannot enter this course
    ├── InvalidParameter       a fault in the calling program
    ├── NotFound               the course, person, cohort or report no longer exists
    │   └── UserDeleted        the person's account was deleted
    ├── UserSuspended          the person's account is suspended: nothing can be read of it
    ├── NotEnrolled            the person has no active enrolment in the course
    ├── NoCriteria             the course has no completion criteria
    └── LoginRefused           wrong name or password, or no right to a token (`request_token`)

The class is chosen from Moodle's `errorcode`; never from `exception` (a PHP class name that changes)
nor from `message` (translated). No error holds the token, and `str(error)` holds no text written by
Moodle, which may name people: that text stands apart in `moodle_message`.
"""

from typing import ClassVar


class MoodleError(Exception):
    """A call that Moodle did not answer as asked.

    Attributes:
        code: stable name of the class, for logs and for translated sentences.
        retryable: whether the same call may succeed later without anyone doing anything.
        errorcode: Moodle's own code, when Moodle answered.
        wsfunction: the function called, when there was one.
        reason: a finer, stable word below `code` ("connection_refused", "http_404"…).
        retry_after: seconds that the site asks to wait, when it says so.
        moodle_message: Moodle's translated text without markup; may name people, never log it.
    """

    code: ClassVar[str] = "MOODLE-ERROR"
    retryable: bool = False

    def __init__(
        self,
        *,
        wsfunction: str | None = None,
        errorcode: str | None = None,
        reason: str | None = None,
        retry_after: int | None = None,
        moodle_message: str | None = None,
    ) -> None:
        self.wsfunction = wsfunction
        self.errorcode = errorcode
        self.reason = reason
        self.retry_after = retry_after
        self.moodle_message = moodle_message
        super().__init__(self._summary())

    def _summary(self) -> str:
        details = (("wsfunction", self.wsfunction), ("errorcode", self.errorcode))
        known = [f"{name}={value}" for name, value in (*details, ("reason", self.reason)) if value]
        return " ".join([self.code, *known])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._summary()}>"


class Unreachable(MoodleError):
    """No connection: refused, name unknown, connection cut, certificate not accepted."""

    code = "MOODLE-UNREACHABLE"
    retryable = True


class AddressForbidden(MoodleError):
    """The connector does not let this address be asked; nothing was sent. Raised by a connector."""

    code = "MOODLE-ADDRESS"


class MoodleTimeout(MoodleError):
    """The site took the call and did not answer in the time allowed."""

    code = "MOODLE-TIMEOUT"
    retryable = True


class ServerFailure(MoodleError):
    """The site answered with a failure of its own: HTTP 5xx, database error, PHP noise."""

    code = "MOODLE-SERVER-FAILURE"
    retryable = True


class Maintenance(MoodleError):
    """The site is in maintenance mode, or being upgraded."""

    code = "MOODLE-MAINTENANCE"
    retryable = True


class TruncatedAnswer(MoodleError):
    """The answer stops in the middle, or is empty."""

    code = "MOODLE-TRUNCATED"
    retryable = True


class AnswerTooLarge(MoodleError):
    """The answer is larger than the client accepts to hold."""

    code = "MOODLE-TOO-LARGE"


class NotMoodle(MoodleError):
    """Something other than Moodle's REST server answers at this address."""

    code = "MOODLE-NOT-MOODLE"


class OtherSite(MoodleError):
    """A Moodle answers that gives itself another address: what it says is not about this site."""

    code = "MOODLE-OTHER-SITE"


class UnexpectedAnswer(MoodleError):
    """The answer is JSON, but its shape or its error code is unknown to this client."""

    code = "MOODLE-UNEXPECTED"


class ProtocolDisabled(MoodleError):
    """Web services, or their REST protocol, are switched off on the site."""

    code = "MOODLE-PROTOCOL-DISABLED"


class InvalidToken(MoodleError):
    """The token is missing, wrong, or was deleted (Moodle deletes expired tokens at first use)."""

    code = "MOODLE-INVALID-TOKEN"


class AccessDenied(MoodleError):
    """Moodle refuses before looking: it doesn't say which of the reasons in the tree it is."""

    code = "MOODLE-ACCESS-DENIED"


class MissingFunction(AccessDenied):
    """The function does not exist on this site, or is not in the token's service."""

    code = "MOODLE-MISSING-FUNCTION"


class ServiceAccountClosed(MoodleError):
    """The account that owns the token may not use web services any more."""

    code = "MOODLE-SERVICE-ACCOUNT-CLOSED"


class SiteNotReady(MoodleError):
    """The service account has a site policy to accept or a password to change first."""

    code = "MOODLE-SITE-NOT-READY"


class MissingCapability(MoodleError):
    """The service account lacks a right.

    Attributes:
        capabilities: the capabilities that may be the missing one, most likely first.
    """

    code = "MOODLE-MISSING-CAPABILITY"

    def __init__(
        self,
        *,
        capabilities: tuple[str, ...] = (),
        wsfunction: str | None = None,
        errorcode: str | None = None,
        reason: str | None = None,
        retry_after: int | None = None,
        moodle_message: str | None = None,
    ) -> None:
        self.capabilities = capabilities
        super().__init__(
            wsfunction=wsfunction,
            errorcode=errorcode,
            reason=reason,
            retry_after=retry_after,
            moodle_message=moodle_message,
        )


class CourseInaccessible(MissingCapability):
    """The account cannot enter the course: not enrolled, course hidden, or no `course:view`."""

    code = "MOODLE-COURSE-INACCESSIBLE"


class InvalidParameter(MoodleError):
    """A parameter is unknown, missing or of the wrong type; Moodle does not say which."""

    code = "MOODLE-INVALID-PARAMETER"


class NotFound(MoodleError):
    """The object asked for does not exist on the site, or no longer."""

    code = "MOODLE-NOT-FOUND"


class UserDeleted(NotFound):
    """The person's account was deleted."""

    code = "MOODLE-USER-DELETED"


class UserSuspended(MoodleError):
    """The person's account is suspended, unconfirmed or without login: last values stay valid."""

    code = "MOODLE-USER-SUSPENDED"


class NotEnrolled(MoodleError):
    """The person has no active enrolment in the course."""

    code = "MOODLE-NOT-ENROLLED"


class NoCriteria(MoodleError):
    """The course has no completion criteria: completion is unknown there, not false."""

    code = "MOODLE-NO-CRITERIA"


class LoginRefused(MoodleError):
    """Moodle gives no token for this name, password and service."""

    code = "MOODLE-LOGIN-REFUSED"
