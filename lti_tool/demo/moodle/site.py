"""The running demo Moodle: its world, its registration of the tool, its switches and what it keeps.

Tests flip the switches (maintenance, protocol off, a capability removed…); the pages and the AGS
service change the world through ``changes``, so that a restart finds it again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any, Literal

from lti_tool.demo.moodle.changes import ChangeLog
from lti_tool.demo.moodle.keys import PlatformKey, ToolKeys
from lti_tool.demo.moodle.people import Person
from lti_tool.demo.moodle.sessions import SessionStore
from lti_tool.demo.moodle.world import World

DEFAULT_CLIENT_ID = "ancrage-demo"
DEFAULT_DEPLOYMENT_ID = "1"
SERVICE_ACCOUNT = "ws_rmp"


@dataclass(slots=True)
class WebServiceToken:
    """A token of the web services; ``expires`` in seconds, 0: never."""

    person: int
    expires: int = 0
    ip_refused: bool = False


@dataclass(slots=True)
class Switches:
    """States of the site that a test or a demonstration may set."""

    maintenance: Literal["", "web", "cli"] = ""
    webservices: bool = True
    rest: bool = True
    service: bool = True
    policy_pending: bool = False
    password_expired: bool = False
    percentages_shown: bool = True
    """Off, ``percentageformatted`` and the weights leave the grade items."""


@dataclass(slots=True)
class AccessToken:
    """A token of the LTI services."""

    scopes: frozenset[str]
    expires: float
    tool: int = 0
    """Number of the tool that it was given to; 0 is the one that the site came with."""
    value: str = field(default_factory=lambda: secrets.token_hex(16))


class DemoMoodle:
    """One demo Moodle.

    Args:
        base_url: its own address (Moodle's wwwroot and LTI issuer), without final slash.
        tool_url: the tool's address, without final slash.
        client_id: what the tool is called here.
        deployment_id: the number of the tool here.
        tool_login_url: where logins are initiated; default ``<tool_url>/lti/login``.
        tool_launch_url: the registered redirect URI; default ``<tool_url>/lti/launch``.
        tool_jwks_url: the tool's key set; default ``<tool_url>/.well-known/jwks.json``.
        tool_verify_url: the public verification page; default ``<tool_url>/verifier``.
        world: what the site holds; default: the seed, made for the day of the first start.
        data_dir: where key, service token and changes are kept; nothing is kept without it.
        service_token: token of the service account; default: the one in ``data_dir``, or a new one.
        clock: gives the present moment.
        fetch_keyset: fetches the tool's key set (tests).
        key: the platform's pair; default: the one in ``data_dir``, or a new one.
    """

    def __init__(
        self,
        *,
        base_url: str,
        tool_url: str,
        client_id: str = DEFAULT_CLIENT_ID,
        deployment_id: str = DEFAULT_DEPLOYMENT_ID,
        tool_login_url: str = "",
        tool_launch_url: str = "",
        tool_jwks_url: str = "",
        tool_verify_url: str = "",
        world: World | None = None,
        data_dir: Path | None = None,
        service_token: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        fetch_keyset: Callable[[str], dict[str, Any]] | None = None,
        key: PlatformKey | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.tool_url = tool_url.rstrip("/")
        self.client_id = client_id
        self.deployment_id = deployment_id
        self.tool_login_url = tool_login_url or f"{self.tool_url}/lti/login"
        self.tool_launch_url = tool_launch_url or f"{self.tool_url}/lti/launch"
        self.tool_verify_url = tool_verify_url or f"{self.tool_url}/verifier"
        self.clock = clock
        self.lock = RLock()
        self.switches = Switches()
        self.sessions = SessionStore()
        self.key = key or PlatformKey.load(data_dir / "moodle-key.pem" if data_dir else None)
        self.tool_keys = ToolKeys(
            tool_jwks_url or f"{self.tool_url}/.well-known/jwks.json", fetch_keyset
        )
        self.access_tokens: dict[str, AccessToken] = {}
        self.changes = ChangeLog(data_dir / "moodle.json" if data_dir else None, clock())
        self.world = world or _seeded(self.changes.started_at)
        self.changes.replay(self.world)
        self.tokens: dict[str, WebServiceToken] = {}
        self.service_functions: set[str] | None = None
        """Functions of the service; ``None``: all that are implemented."""
        self.service_token = self._service_token(service_token, data_dir)

    @property
    def now(self) -> int:
        """The present moment, in seconds."""
        return int(self.clock().timestamp())

    @property
    def service_account(self) -> Person:
        """The account whose capabilities the service token carries."""
        return self.world.person_named(SERVICE_ACCOUNT)

    def issue_token(self, username: str, value: str = "", *, expires: int = 0) -> str:
        """Give an account a web-service token and return it."""
        value = value or secrets.token_hex(16)
        self.tokens[value] = WebServiceToken(self.world.person_named(username).id, expires)
        return value

    def capabilities(self, person: Person, course: int | None = None) -> frozenset[str]:
        """Return what someone may do now, on the site and in a course."""
        return self.world.capabilities(person, course, self.now)

    def _service_token(self, given: str, data_dir: Path | None) -> str:
        path = data_dir / "moodle-service-token.txt" if data_dir else None
        if not given and path and path.is_file():
            given = path.read_text(encoding="ascii").strip()
        value = self.issue_token(SERVICE_ACCOUNT, given)
        if path and not path.is_file():
            path.touch(mode=0o600)
            path.write_text(value + "\n", encoding="ascii")
        return value


def _seeded(day: datetime) -> World:
    from lti_tool.demo.moodle.seed import build_world

    return build_world(day)
