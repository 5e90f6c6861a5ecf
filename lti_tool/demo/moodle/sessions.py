"""Browser sessions of the demo's Moodle and the launches begun in them.

A launch is one-time and lives in the session, as in Moodle: another browser, a second use or a
restart of the server makes its ``lti_message_hint`` unknown.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

COOKIE = "MoodleSessionDemo"
"""Not Moodle's own name: the tool may stand on the same host, where cookies ignore ports."""

MessageType = Literal[
    "LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiSubmissionReviewRequest"
]


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch that was begun and not yet answered."""

    id: str
    course: int
    message_type: MessageType = "LtiResourceLinkRequest"
    cmid: int | None = None
    container: int = 3
    """Moodle's launch container: 3 embedded, 4 new window."""
    for_user: int | None = None
    title: str = ""
    text: str = ""
    tool: int = 0
    """Number of the tool; 0: the one that the site came with."""


@dataclass(slots=True)
class MoodleSession:
    """One browser."""

    id: str
    person: int | None = None
    sesskey: str = field(default_factory=lambda: secrets.token_urlsafe(8)[:10])
    launches: dict[str, Launch] = field(default_factory=dict)
    selection: dict[str, Any] | None = None
    """What the tool proposed by deep linking and the trainer has not saved yet."""
    notices: list[str] = field(default_factory=list)
    """Sentences to show on the next page."""


class SessionStore:
    """The sessions of the running server, in memory."""

    def __init__(self) -> None:
        self._sessions: dict[str, MoodleSession] = {}

    def open(self, session_id: str | None) -> MoodleSession:
        """Return the session with this id, or a new one."""
        if session_id and session_id in self._sessions:
            return self._sessions[session_id]
        session = MoodleSession(secrets.token_hex(16))
        self._sessions[session.id] = session
        return session

    def find(self, session_id: str | None) -> MoodleSession | None:
        """Return the session with this id."""
        return self._sessions.get(session_id or "")

    def close(self, session_id: str | None) -> None:
        """Forget a session (log out)."""
        self._sessions.pop(session_id or "", None)

    def begin(self, session: MoodleSession, **details: object) -> Launch:
        """Begin a launch; its id is what the tool must bring back."""
        kind = "ltilaunch_ContentItemSelectionRequest" if not details.get("cmid") else "ltilaunch"
        instance = details.pop("instance", "")
        number = secrets.randbelow(2_147_483_647)
        middle = f"{instance}_" if instance else ""
        launch = Launch(id=f"{kind}{middle}{number}", **details)  # type: ignore[arg-type]  # fields of Launch by name
        session.launches[launch.id] = launch
        return launch
