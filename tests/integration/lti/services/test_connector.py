"""Access tokens and calls, against the demonstration's Moodle over HTTP."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.demo.moodle.keys import KeySetUnreachableError
from lti_tool.lti.diagnosis import authorization_reaches
from lti_tool.lti.services.connector import ServiceConnector
from lti_tool.lti.services.errors import (
    ClientUnknown,
    KeySetUnread,
    KeyUnknown,
    RegistrationClosed,
    ScopeRefused,
    ServiceAddressRefused,
    ServiceAnswerUnfit,
    ServiceNotThere,
    ServiceUnreachable,
    TokenUnheard,
)
from lti_tool.lti.services.names import (
    GRADEBOOK_SCOPES,
    LINE_ITEM_CONTAINER,
    LINE_ITEMS,
    MEMBERS,
    MEMBERSHIP_CONTAINER,
    ROSTER_SCOPES,
)
from lti_tool.lti.services.wire import Answer, exchange
from lti_tool.platforms.key_turns import rotate_keys
from lti_tool.platforms.keys import signing_key
from lti_tool.platforms.models import AccessToken, Registration, RegistrationState
from lti_tool.platforms.signatures import sign
from tests.factories import make_site
from tests.integration.lti.services.conftest import Peer

NEEDS = (MEMBERS,)


class Wire:
    """Passes the calls on and remembers them."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, str], bytes | None]] = []

    def __call__(self, method: str, address: str, **values: Any) -> Answer:
        """Send one."""
        self.sent.append((method, address, dict(values["headers"]), values.get("body")))
        return exchange(method, address, **values)


@pytest.fixture
def wire() -> Wire:
    """What went over the wire."""
    return Wire()


def members(peer: Peer, wire: Wire, address: str = "") -> Answer:
    connector = ServiceConnector(peer.sessions, peer.registration_id, ROSTER_SCOPES, send=wire)
    return connector.get(address or peer.members_url, accept=MEMBERSHIP_CONTAINER, needs=NEEDS)


def test_the_assertion_names_the_client_the_endpoint_and_the_key(peer: Peer, wire: Wire) -> None:
    members(peer, wire)
    form = dict(pair.split("=", 1) for pair in (wire.sent[0][3] or b"").decode().split("&"))
    header = jwt.get_unverified_header(form["client_assertion"])
    claims = jwt.decode(form["client_assertion"], options={"verify_signature": False})
    assert header["alg"] == "RS256"
    assert header["kid"]
    assert (claims["iss"], claims["sub"]) == ("client-1", "client-1")
    assert claims["aud"] == f"{peer.site.base_url}/mod/lti/token.php"
    assert claims["iat"] < clock.now().timestamp() - 3
    assert 30 < claims["exp"] - claims["iat"] < 120


def test_each_assertion_has_a_number_of_its_own(peer: Peer, wire: Wire) -> None:
    with peer.sessions.begin() as session:
        first, second = sign(session, {"a": 1}), sign(session, {"a": 1})
    assert first == second
    members(peer, wire)
    with peer.later(7200):
        members(peer, wire)
    forms = [sent[3] for sent in wire.sent if sent[1].endswith("token.php")]
    numbers = {
        jwt.decode(
            dict(p.split("=", 1) for p in (form or b"").decode().split("&"))["client_assertion"],
            options={"verify_signature": False},
        )["jti"]
        for form in forms
    }
    assert len(numbers) == len(forms) == 2


def test_a_key_is_read_once_for_many_signatures(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = []
    load = serialization.load_pem_private_key
    monkeypatch.setattr(
        serialization,
        "load_pem_private_key",
        lambda *args, **values: reads.append(1) or load(*args, **values),
    )
    for _turn in range(5):
        sign(session, {"a": 1})
    assert len(reads) == 1


def test_a_token_serves_until_its_last_minute(peer: Peer, wire: Wire) -> None:
    start = clock.now()
    for later in (0, 1800, 3500):
        with peer.later(later, start):
            members(peer, wire)
    assert sum(sent[1].endswith("token.php") for sent in wire.sent) == 1
    with peer.later(3545, start):
        members(peer, wire)
    assert sum(sent[1].endswith("token.php") for sent in wire.sent) == 2


def test_a_token_is_encrypted_at_rest(peer: Peer, session: Session, wire: Wire) -> None:
    members(peer, wire)
    bearer = wire.sent[-1][2]["Authorization"].removeprefix("Bearer ")
    stored = session.scalar(text("SELECT token FROM access_token"))
    assert bearer not in str(stored)
    assert session.scalar(select(AccessToken.token)) == bearer


def test_what_was_granted_is_kept_with_the_registration(peer: Peer, session: Session) -> None:
    peer.roster().granted_scopes()
    peer.gradebook().granted_scopes()
    registration = session.get_one(Registration, peer.registration_id)
    assert set(registration.scopes or ()) == {*ROSTER_SCOPES, *GRADEBOOK_SCOPES}


def test_a_token_that_the_platform_forgot_is_replaced_once(peer: Peer, wire: Wire) -> None:
    members(peer, wire)
    peer.site.access_tokens.clear()
    assert members(peer, wire).status == 200
    asked = [sent[1].rpartition("/")[2] for sent in wire.sent]
    assert asked == ["token.php", "memberships", "memberships", "token.php", "memberships"]


def test_a_header_that_is_lost_on_the_way_is_said_after_one_new_token(peer: Peer) -> None:
    wire = Wire()

    def stripping(method: str, address: str, **values: Any) -> Answer:
        values["headers"] = {k: v for k, v in values["headers"].items() if k != "Authorization"}
        return wire(method, address, **values)

    connector = ServiceConnector(peer.sessions, peer.registration_id, ROSTER_SCOPES, send=stripping)
    with pytest.raises(TokenUnheard):
        connector.get(peer.members_url, accept=MEMBERSHIP_CONTAINER, needs=NEEDS)
    assert len(wire.sent) == 4
    reach = authorization_reaches(peer.sessions, peer.registration_id, send=stripping)
    assert reach.reaches is False
    assert isinstance(reach.failure, TokenUnheard)
    assert authorization_reaches(peer.sessions, peer.registration_id).reaches is True


def test_the_probe_says_what_stops_it_before_the_header(peer: Peer) -> None:
    peer.site.client_id = "another"
    reach = authorization_reaches(peer.sessions, peer.registration_id)
    assert reach.reaches is None
    assert isinstance(reach.failure, ClientUnknown)


def test_the_probe_cannot_tell_before_a_course_was_launched(session: Session, peer: Peer) -> None:
    other = make_site(session, "http://other.localhost")
    registration = session.scalar(select(Registration.id).where(Registration.site_id == other.id))
    session.commit()
    assert registration is not None
    assert authorization_reaches(peer.sessions, registration).reaches is None


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.test/members",
        "https://{host}/members",
        "http://{host}@evil.test/members",
        "http://127.0.0.1:1/members",
    ],
)
def test_nothing_is_sent_to_an_address_outside_the_platform(
    peer: Peer, wire: Wire, address: str
) -> None:
    host = peer.site.base_url.removeprefix("http://")
    with pytest.raises(ServiceAddressRefused):
        members(peer, wire, address.format(host=host))
    assert wire.sent == []


def test_the_token_of_one_registration_never_serves_another(
    peer: Peer, session: Session, wire: Wire
) -> None:
    """Row 38, on the same issuer: what the library's fork got wrong."""
    members(peer, wire)
    first = session.get_one(Registration, peer.registration_id)
    second = Registration(
        site_id=first.site_id,
        issuer=first.issuer,
        client_id="client-2",
        auth_login_url=first.auth_login_url,
        token_url=first.token_url,
        jwks_url=first.jwks_url,
        created_at=first.created_at,
    )
    session.add(second)
    session.commit()
    connector = ServiceConnector(peer.sessions, second.id, ROSTER_SCOPES, send=wire)
    with pytest.raises(ClientUnknown):
        connector.get(peer.members_url, accept=MEMBERSHIP_CONTAINER, needs=NEEDS)
    assert wire.sent[-1][1].endswith("token.php")


def test_a_closed_registration_is_not_called(peer: Peer, session: Session, wire: Wire) -> None:
    session.get_one(Registration, peer.registration_id).state = RegistrationState.REFUSED
    session.commit()
    with pytest.raises(RegistrationClosed):
        members(peer, wire)
    assert wire.sent == []


def test_a_scope_that_was_not_granted_is_known_before_the_call(peer: Peer, wire: Wire) -> None:
    connector = ServiceConnector(peer.sessions, peer.registration_id, ROSTER_SCOPES, send=wire)
    with pytest.raises(ScopeRefused):
        connector.get(peer.lineitems_url, accept=LINE_ITEM_CONTAINER, needs=(LINE_ITEMS,))
    assert [sent[1].rpartition("/")[2] for sent in wire.sent] == ["token.php"]


def test_a_key_set_that_moodle_cannot_fetch_is_said(peer: Peer) -> None:
    def unreachable(url: str) -> dict[str, Any]:
        raise KeySetUnreachableError(url)

    peer.site.tool_keys._fetch = unreachable
    with pytest.raises(KeySetUnread):
        peer.roster().granted_scopes()


def test_a_key_set_without_our_key_is_said(peer: Peer) -> None:
    peer.site.tool_keys._fetch = lambda _url: {"keys": []}
    with pytest.raises(KeyUnknown):
        peer.roster().granted_scopes()


def test_a_rotation_of_our_keys_is_followed(peer: Peer) -> None:
    peer.roster().granted_scopes()
    with peer.sessions.begin() as session:
        rotate_keys(session, actor_id=None, replacing=signing_key(session).kid)
    with peer.later(3590):
        assert peer.roster().granted_scopes()


def test_the_exact_media_type_is_needed_and_sent(peer: Peer) -> None:
    with pytest.raises(ServiceAnswerUnfit):
        peer.roster().get(peer.members_url, accept="application/json", needs=NEEDS)
    with pytest.raises(ServiceNotThere):
        peer.gradebook().get(
            peer.lineitems_url.replace("/2/", "/9999/"),
            accept=LINE_ITEM_CONTAINER,
            needs=(LINE_ITEMS,),
        )


def test_a_moodle_that_is_down_is_asked_twice_to_read_and_once_to_write(peer: Peer) -> None:
    peer.roster().granted_scopes()
    asked = []

    def down(method: str, address: str, **values: Any) -> Answer:
        asked.append(method)
        raise ServiceUnreachable("test")

    connector = ServiceConnector(peer.sessions, peer.registration_id, ROSTER_SCOPES, send=down)
    with pytest.raises(ServiceUnreachable):
        connector.get(peer.members_url, accept=MEMBERSHIP_CONTAINER, needs=NEEDS)
    assert asked == ["GET", "GET"]
    with pytest.raises(ServiceUnreachable):
        connector.post(peer.members_url, {}, media_type="x/y", needs=NEEDS)
    assert asked == ["GET", "GET", "POST"]


def test_two_workers_who_ask_at_once_keep_one_token(peer: Peer, session: Session) -> None:
    for _worker in range(2):
        with peer.sessions.begin() as opened:
            opened.query(AccessToken).delete()
        peer.roster().granted_scopes()
    assert session.scalar(select(func.count()).select_from(AccessToken)) == 1
