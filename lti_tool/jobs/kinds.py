"""What a task is: a function registered under a name, given its context and identifiers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.orm import Session, sessionmaker

if TYPE_CHECKING:
    from lti_tool.settings import Settings

Result = dict[str, Any]


class JobError(Exception):
    """A failure that the ledger records under a stable code.

    Args:
        code: stable code, e.g. ``MOODLE-UNREACHABLE``.
        detail: technical precision without token or personal data.
        retryable: whether trying again later may succeed.
    """

    def __init__(self, code: str, detail: str = "", *, retryable: bool = False) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail
        self.retryable = retryable


class Progress(Protocol):
    """Tells the ledger how far the work is; the place where a task can be stopped."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Record ``done`` of ``total``; may be called often, as few of the calls are written.

        Raises:
            Interrupted: the job is no longer this worker's: let it pass.
        """


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a task may use: sessions of its own, the settings, and the progress bar.

    ``token`` is that of the claim: leases whose holder's name begins with it are freed when this
    attempt ends, also when its worker dies.
    """

    sessions: sessionmaker[Session]
    settings: Settings
    job_id: int
    progress: Progress
    token: str = ""


TaskFunction = Callable[..., Result | None]
_registry: dict[str, TaskFunction] = {}


def task(kind: str) -> Callable[[TaskFunction], TaskFunction]:
    """Register a task under ``kind``; it is called with a ``JobContext`` and the job's args."""

    def register(function: TaskFunction) -> TaskFunction:
        if kind in _registry:
            raise ValueError(f"two tasks are called {kind}")
        _registry[kind] = function
        return function

    return register


def find_task(kind: str) -> TaskFunction:
    """Return the task registered under ``kind``.

    Raises:
        JobError: no room of this release registers it.
    """
    try:
        return _registry[kind]
    except KeyError:
        raise JobError("JOB-UNKNOWN-KIND", f"no task is called {kind}") from None
