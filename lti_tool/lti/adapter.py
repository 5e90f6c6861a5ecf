"""All that this tool asks of PyLTI1p3; no other module imports it.

The library builds the authorization request (``OIDCLogin``) and says what each message type must
contain (its message validators). The rest is ours, because the library accepts what must be
refused (spec/lti.md §2): signature and claims (``validation``), state and nonce, which it neither
binds together nor consumes (``service``), keys, which it fetches without time limit and never
again (``platforms.keysets``), roles, which sub-roles fool (``roles``), and cookies. Keyword
arguments only, so that the suite also runs on the maintained fork.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pylti1p3.cookie import CookieService
from pylti1p3.exception import LtiException
from pylti1p3.message_validators import get_validators
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config.dict import ToolConfDict

from lti_tool.lti.errors import MessageUnfit, Reason
from lti_tool.platforms.models import Registration

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """Where to send the browser, and the two secrets that its answer must bring back."""

    url: str
    state: str
    nonce: str


def authorization_request(
    registration: Registration, params: Mapping[str, str], redirect_uri: str
) -> AuthorizationRequest:
    """Return the OpenID Connect request that answers a third-party-initiated login.

    Args:
        registration: the platform that asks, already found and active.
        params: what it sent; hints are passed back unmodified (they work once).
        redirect_uri: our launch address, exactly as registered there.
    """
    login = _Login(registration, params)
    url = login.authorization_url(redirect_uri)
    return AuthorizationRequest(
        _with_own_query(url, registration.auth_login_url), login.state, login.nonce
    )


def check_message(claims: Mapping[str, Any]) -> None:
    """Check what the message type demands, with the validators of the library.

    Args:
        claims: verified, whatever their types.

    Raises:
        MessageUnfit: something that this message type must carry is missing.
    """
    known = get_validators()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    validators = [found for found in known if found.can_validate(claims)]
    try:
        accepted = len(validators) == 1 and validators[0].validate(claims)
    except (LtiException, TypeError, AttributeError) as error:
        # The validators look into claims without looking at their types first.
        raise MessageUnfit(Reason.MESSAGE, type(error).__name__) from None
    if not accepted:
        raise MessageUnfit(Reason.MESSAGE_TYPE)


def _with_own_query(url: str, auth_login_url: str) -> str:
    """Keep the query of an authorization endpoint that has one; the library drops a second ``?``."""
    endpoint = urlsplit(auth_login_url)
    if not endpoint.query:
        return url
    query = f"{endpoint.query}&{urlsplit(url).query}"
    return urlunsplit((endpoint.scheme, endpoint.netloc, endpoint.path, query, ""))


class _Form(Request):
    """The parameters of the login, however they came."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._params = params

    @property
    def session(self) -> dict[str, Any]:
        return {}

    def is_secure(self) -> bool:
        return True

    def get_param(self, key: str) -> str:
        return self._params.get(key, "")


class _StateKept(CookieService):
    """Hands the state over instead of writing a cookie: the view writes ours."""

    state = ""

    def get_cookie(self, name: str) -> str | None:
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        self.state = str(value)


class _NonceKept(SessionService):
    """Hands the nonce over instead of storing it: ``service`` ties it to its state."""

    nonce = ""

    def save_nonce(self, nonce: str) -> None:
        self.nonce = nonce


class _Login(OIDCLogin[_Form, ToolConfDict, _NonceKept, _StateKept, str]):
    """The library's login for a registration already found, with secrets of 256 bits."""

    def __init__(self, registration: Registration, params: Mapping[str, str]) -> None:
        form = _Form(params)
        self._nonces, self._states = _NonceKept(form), _StateKept()
        super().__init__(
            form, ToolConfDict({}), session_service=self._nonces, cookie_service=self._states
        )
        # Without its query: the library would add a second question mark.
        endpoint = urlsplit(registration.auth_login_url)._replace(query="", fragment="").geturl()
        self._found = (
            LibraryRegistration()
            .set_issuer(registration.issuer)
            .set_client_id(registration.client_id)
            .set_auth_login_url(endpoint)
        )

    @property
    def state(self) -> str:
        return self._states.state

    @property
    def nonce(self) -> str:
        return self._nonces.nonce

    def authorization_url(self, redirect_uri: str) -> str:
        return self._prepare_redirect_url(redirect_uri)

    def get_redirect(self, url: str) -> Any:
        raise NotImplementedError("the view redirects, to authorization_url")

    def validate_oidc_login(self) -> LibraryRegistration:
        return self._found

    def _get_uuid(self) -> str:
        return secrets.token_urlsafe(SECRET_BYTES)

    def _generate_nonce(self) -> str:
        return secrets.token_urlsafe(SECRET_BYTES)
