"""What a probe of a token says: codes and facts, no sentences."""

from dataclasses import dataclass
from enum import StrEnum

from moodle_client.errors import MoodleError
from moodle_client.functions import Function
from moodle_client.models.site import SiteInfo


class FindingCode(StrEnum):
    """What is wrong, for a program to translate."""

    NO_ANSWER = "no-answer"
    """The site information cannot be read: see `error`."""
    OTHER_ADDRESS = "other-address"
    """The site names itself with another address than the one called."""
    OLD_VERSION = "old-version"
    """The site is older than Moodle 4.1."""
    ADMIN_TOKEN = "admin-token"  # noqa: S105 - a code, not a password
    """The token belongs to a site administrator: it can do far more than read."""
    MISSING_FUNCTION = "missing-function"
    """`function` is not in the token's service."""
    MISSING_CAPABILITY = "missing-capability"
    """One of `capabilities` is missing, the likeliest first."""
    NOT_READY = "not-ready"
    """The service account has a policy to accept or a password to change."""
    ITEMS_LEFT_OUT = "items-left-out"
    """Grade items exist that the gradebook answer leaves out, for lack of one of `capabilities`."""
    NO_IDNUMBER = "no-idnumber"
    """Nobody seen has an idnumber: none was given, or one of `capabilities` is missing."""
    NO_COURSE = "no-course"
    """No course can be seen, so nothing about courses was tried."""
    NO_LEARNER = "no-learner"
    """Nobody can be seen in the sample course, so nothing about people was tried."""
    CALL_FAILED = "call-failed"
    """`function` failed for another reason: see `error`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    code: FindingCode
    function: Function | None = None
    capabilities: tuple[str, ...] = ()
    error: MoodleError | None = None
    address: str = ""
    """The address that the site gives itself, as it wrote it (OTHER_ADDRESS)."""


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of a probe.

    Attributes:
        site: None when the site information cannot be read.
        findings: in the order of the tries; empty when everything tried works.
        tried: functions that answered or were refused; the others were not called.
    """

    site: SiteInfo | None
    findings: tuple[Finding, ...]
    tried: tuple[Function, ...]
