"""The client: one object for one site and one token, one method for each function of Moodle."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from moodle_client.calls.assignments import AssignmentCalls
from moodle_client.calls.cohorts import CohortCalls
from moodle_client.calls.competencies import CompetencyCalls
from moodle_client.calls.completion import CompletionCalls
from moodle_client.calls.courses import CourseCalls
from moodle_client.calls.enrolments import EnrolmentCalls
from moodle_client.calls.grades import GradeCalls
from moodle_client.calls.reports import ReportCalls
from moodle_client.calls.site import SiteCalls
from moodle_client.calls.users import UserCalls
from moodle_client.transport import CallRecord, Transport, TransportOptions


class MoodleClient(
    SiteCalls,
    CourseCalls,
    EnrolmentCalls,
    UserCalls,
    CohortCalls,
    GradeCalls,
    CompletionCalls,
    AssignmentCalls,
    CompetencyCalls,
    ReportCalls,
):
    """Reads one Moodle site through its REST web services. Safe to share between threads."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        options: TransportOptions | None = None,
        observer: Callable[[CallRecord], None] | None = None,
    ) -> None:
        """Make a client; nothing is sent yet.

        Args:
            base_url: address of the site, with its folder if it has one, without `index.php`.
            token: web-service token; kept out of addresses, logs, errors and printed forms.
            options: timeouts, retries and limits.
            observer: called after each call with its duration, size and error code.

        Raises:
            NotMoodle: the address is not an http(s) address.
        """
        super().__init__(Transport(base_url, token, options=options, observer=observer))

    @property
    def base_url(self) -> str:
        """Address of the site."""
        return self._transport.base_url

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"MoodleClient({self.base_url!r})"
