"""What the services' token tells the diagnosis, against the demonstration's Moodle over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.lti import site_checks
from lti_tool.lti.diagnosis import Reach
from lti_tool.lti.errors import Reason
from lti_tool.lti.refusals import count_refusal
from lti_tool.lti.services.errors import (
    ClientUnknown,
    ClocksApart,
    KeySetUnread,
    ScopeRefused,
    ServiceFailed,
    ServiceOutOfReach,
    ServiceUnreachable,
    TokenUnheard,
)
from lti_tool.lti.site_checks import door_checks
from lti_tool.platforms.diagnosis import Check, Level, Who
from lti_tool.platforms.models import Registration, RegistrationState
from tests.integration.lti.services.conftest import Peer

Fail = Callable[[ServiceFailed], None]


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Have the services fail in one way."""

    def fail_with(error: ServiceFailed) -> None:
        monkeypatch.setattr(
            site_checks, "authorization_reaches", lambda *_asked: Reach(False, error)
        )

    return fail_with


def checks(peer: Peer, *, ask: bool = True) -> dict[str, Check]:
    """Title or code → check, of the peer's site."""
    with peer.sessions() as session:
        site_id = session.get_one(Registration, peer.registration_id).site_id
    found = door_checks(peer.sessions, site_id, ask)
    return {check.code or check.title: check for check in found}


def change(sessions: sessionmaker[Session], registration_id: int, **values: object) -> None:
    """Change the registration."""
    with sessions.begin() as session:
        registration = session.get_one(Registration, registration_id)
        for name, value in values.items():
            setattr(registration, name, value)


def test_a_token_that_reaches_is_told(peer: Peer) -> None:
    assert "Moodle donne un jeton d’accès à l’outil pour ses services." in checks(peer)


def test_nothing_is_asked_when_it_was_not_wanted(peer: Peer, fail: Fail) -> None:
    fail(TokenUnheard("must not be asked"))
    assert set(checks(peer, ask=False)) == {"DIAG-NO-LAUNCH"}


def test_a_header_taken_away_by_the_web_server_is_a_problem_with_its_remedy(
    peer: Peer, fail: Fail
) -> None:
    fail(TokenUnheard("registration"))
    found = checks(peer)["LTI-SERVICE-401"]
    assert (found.level, found.who) == (Level.PROBLEM, Who.SERVERS)
    assert "Authorization" in found.why
    assert "CGIPassAuth On" in found.why


@pytest.mark.parametrize(
    ("failure", "who"),
    [
        (ClientUnknown("404"), Who.COORDINATION),
        (ClocksApart("400"), Who.SERVERS),
        (ServiceUnreachable("timeout"), Who.SERVERS),
        (ServiceOutOfReach("private"), Who.TOOL),
        (KeySetUnread("404"), Who.MOODLE),
    ],
)
def test_whoever_the_sentence_asks_is_the_one_named(
    peer: Peer, fail: Fail, failure: ServiceFailed, who: Who
) -> None:
    fail(failure)
    assert checks(peer)[failure.code].who == who


def test_services_never_granted_may_be_done_without_but_not_those_that_worked(
    peer: Peer, fail: Fail
) -> None:
    fail(KeySetUnread("404"))
    assert checks(peer)["LTI-ACCESS-KEYSET"].level == Level.WARNING
    change(peer.sessions, peer.registration_id, scopes=["a"])
    assert checks(peer)["LTI-ACCESS-KEYSET"].level == Level.PROBLEM
    fail(ScopeRefused("invalid_scope"))
    assert checks(peer)["LTI-ACCESS-SCOPE"].level == Level.WARNING


def test_a_suspended_registration_is_not_asked(peer: Peer, fail: Fail) -> None:
    fail(TokenUnheard("must not be asked"))
    change(peer.sessions, peer.registration_id, state=RegistrationState.REFUSED)
    assert checks(peer) == {}


def test_a_launched_registration_is_not_silent(peer: Peer) -> None:
    change(peer.sessions, peer.registration_id, launched_at=clock.now())
    assert "DIAG-NO-LAUNCH" not in checks(peer)


def test_launches_refused_for_want_of_an_acceptance_are_told_until_it_is_given(peer: Peer) -> None:
    change(peer.sessions, peer.registration_id, state=RegistrationState.PENDING)
    with peer.sessions() as session:
        count_refusal(session, Reason.REGISTRATION_INACTIVE, peer.registration_id)
    assert checks(peer, ask=False)[Reason.REGISTRATION_INACTIVE].level == Level.PROBLEM

    change(peer.sessions, peer.registration_id, state=RegistrationState.ACTIVE)

    assert Reason.REGISTRATION_INACTIVE not in checks(peer, ask=False)
