"""Calls a platform's services for one registration, with its token and to its own addresses only.

Opens database sessions of its own and holds none while the platform is waited for. spec/lti.md §4,
rows 37 and 38.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.services.addresses import check_address
from lti_tool.lti.services.errors import (
    RegistrationClosed,
    ScopeRefused,
    ServiceAnswerUnfit,
    ServiceForbidden,
    ServiceNotThere,
    ServiceUnreachable,
    TokenUnheard,
)
from lti_tool.lti.services.tokens import (
    Granted,
    find_token,
    forget_token,
    keep_token,
    read_token,
    token_request,
)
from lti_tool.lti.services.wire import Answer, exchange
from lti_tool.platforms.models import Registration, RegistrationState

log = structlog.get_logger(__name__)

Exchange = Callable[..., Answer]


def telling(send: Exchange, tell: Callable[[], object]) -> Exchange:
    """Return ``send`` that calls ``tell`` before each exchange.

    A job tells so that it goes on: a platform that takes long to answer would else cost it its lease,
    and the job, taken over again and again, would in the end hold every worker.
    """

    def sent(*asked: Any, **values: Any) -> Answer:
        tell()
        return send(*asked, **values)

    return sent


@dataclass(frozen=True, slots=True)
class Platform:
    """What the calls need to know of a registration."""

    registration_id: int
    issuer: str
    token_url: str


class ServiceConnector:
    """The services of one registration.

    Args:
        sessions: factory of database sessions.
        registration_id: whose services.
        scopes: what its token is asked for; Moodle leaves out what it does not allow.
        send: makes one exchange (tests).
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        registration_id: int,
        scopes: Sequence[str],
        *,
        send: Exchange = exchange,
    ) -> None:
        self._sessions = sessions
        self._scopes = tuple(sorted(scopes))
        self._send = send
        with sessions() as session:
            registration = session.get_one(Registration, registration_id)
            if registration.state == RegistrationState.REFUSED:
                raise RegistrationClosed(f"registration {registration_id}")
            self.platform = Platform(registration_id, registration.issuer, registration.token_url)

    def get(self, address: str, *, accept: str, needs: Sequence[str]) -> Answer:
        """Read ``address``; ``needs``: scopes of which one must have been granted.

        Raises:
            ServiceFailed: anything but an answer of success.
        """
        return _successful(self.ask("GET", address, needs=needs, headers={"Accept": accept}))

    def post(
        self, address: str, document: Mapping[str, Any], *, media_type: str, needs: Sequence[str]
    ) -> Answer:
        """Send ``document`` as JSON of one line; the answer is returned whatever its status.

        A line break in a refused body makes Moodle answer 200 (trap AGS 3): none is ever sent.

        Raises:
            ServiceFailed: no answer, no token, or an address outside the platform.
        """
        body = json.dumps(document, separators=(",", ":"), ensure_ascii=True).encode()
        return self.ask(
            "POST", address, needs=needs, headers={"Content-Type": media_type}, body=body
        )

    def ask(
        self,
        method: str,
        address: str,
        *,
        needs: Sequence[str],
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Answer:
        """Make one call with the registration's token, a new one once when it is refused.

        Raises:
            ServiceAddressRefused: before anything is sent.
            AccessRefused, TokenUnheard, ServiceUnreachable.
        """
        check_address(address, self.platform.issuer, self.platform.token_url)
        answer = self._call(method, address, self._granted(needs), headers, body)
        if answer.status == 401:
            forget_token(self._sessions, self.platform.registration_id, self._scopes)
            answer = self._call(method, address, self._granted(needs), headers, body)
        if answer.status == 401:
            raise TokenUnheard(f"registration {self.platform.registration_id}")
        if answer.status >= 500 or answer.status == 429:
            raise ServiceUnreachable(f"status {answer.status}")
        return answer

    def granted_scopes(self) -> tuple[str, ...]:
        """Return what the platform allows, asking for a token when none is kept.

        Raises:
            ServiceFailed: no token.
        """
        return self._token().scopes

    def _granted(self, needs: Sequence[str]) -> Granted:
        granted = self._token()
        if not set(needs) & set(granted.scopes):
            # A token kept from before the settings were mended must not refuse for an hour.
            forget_token(self._sessions, self.platform.registration_id, self._scopes)
            raise ScopeRefused(f"registration {self.platform.registration_id}")
        return granted

    def _token(self) -> Granted:
        number = self.platform.registration_id
        with self._sessions() as session:
            kept = find_token(session, number, self._scopes)
        if kept is not None:
            return kept
        with self._sessions.begin() as session:
            form = token_request(session, session.get_one(Registration, number), self._scopes)
        answer = self._send(
            "POST",
            self.platform.token_url,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            body=form,
        )
        granted = read_token(answer, self._scopes)
        keep_token(self._sessions, number, self._scopes, granted)
        log.info("access_token.granted", registration_id=number, scopes=len(granted.scopes))
        return granted

    def _call(
        self,
        method: str,
        address: str,
        granted: Granted,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> Answer:
        sent = {**headers, "Authorization": f"Bearer {granted.token}"}
        if method == "GET":
            try:
                return self._send(method, address, headers=sent, body=body)
            except ServiceUnreachable:
                log.info("service.repeated", registration_id=self.platform.registration_id)
        return self._send(method, address, headers=sent, body=body)


def _successful(answer: Answer) -> Answer:
    if answer.status == 404:
        raise ServiceNotThere("status 404")
    if answer.status == 403:
        raise ServiceForbidden("status 403")
    if not 200 <= answer.status < 300:
        raise ServiceAnswerUnfit(f"status {answer.status}")
    return answer
