"""The diagnosis says what is wrong, what to do and who can; a supposition is called one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.errors import NotFound
from lti_tool.lti.refusals import count_refusal
from lti_tool.people.models import Role
from lti_tool.platforms.diagnosis import Check, Level, Who, asked, diagnose_site, own_address
from lti_tool.platforms.fetching import Answer, FetchFailed, FetchRefused
from lti_tool.platforms.models import (
    Deployment,
    PlatformKeySet,
    Registration,
    RegistrationOrigin,
    RegistrationState,
    Site,
)
from lti_tool.settings import Settings
from tests.factories import MOMENT, make_grant, make_person, make_site, sign_in
from tests.reading import words_of

FINE = Answer(
    200, {"Date": "Tue, 01 Sep 2026 08:00:00 GMT"}, b'{"keys": [{"kid": "k", "kty": "RSA"}]}'
)


class World:
    """What the network answers; a test changes one thing."""

    def __init__(self) -> None:
        self.site: Answer | Exception = FINE
        self.keys: dict[str, object] | Exception = {"keys": [{"kid": "k"}]}

    def fetch(self, url: str) -> Answer:
        """Answer as the site, or as nobody for the tool's own address."""
        if url.startswith("http://tool."):
            raise FetchFailed("no-answer", "tool")
        if isinstance(self.site, Exception):
            raise self.site
        return self.site

    def fetch_key_set(self, _url: str) -> object:
        """Answer as the key set."""
        if isinstance(self.keys, Exception):
            raise self.keys
        return self.keys


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A network in the hand."""
    made = World()
    monkeypatch.setattr(asked, "fetch", made.fetch)
    monkeypatch.setattr(own_address, "fetch", made.fetch)
    monkeypatch.setattr(asked, "fetch_key_set", made.fetch_key_set)
    return made


@pytest.fixture
def quiet(session: Session) -> Site:
    """A site without a token, launched once."""
    site = make_site(session)
    registration_of(session, site).launched_at = MOMENT
    session.commit()
    return site


def registration_of(session: Session, site: Site) -> Registration:
    """The only registration of a site."""
    return session.scalars(select(Registration).where(Registration.site_id == site.id)).one()


def look(
    sessions: sessionmaker[Session], settings: Settings, site: Site, *, ask: bool = False
) -> dict[str, Check]:
    """Diagnose at a fixed moment; code → check, for those that have a code."""
    with clock.set_to(MOMENT):
        found = diagnose_site(sessions, settings, site.id, ask=ask)
    return {check.code: check for check in found if check.code}


def test_what_is_wrong_comes_first_and_each_remedy_has_somebody(
    sessions: sessionmaker[Session], settings: Settings, session: Session, quiet: Site
) -> None:
    found = diagnose_site(sessions, settings, quiet.id, ask=False)
    order = [list(Level).index(check.level) for check in found]
    assert order == sorted(order)
    assert found[0].code == "DIAG-NO-TOKEN"
    assert all(check.who != Who.NOBODY for check in found if check.remedy)


@pytest.mark.parametrize(
    ("finding", "who"),
    [
        ({"code": "no-answer", "error": "MOODLE-INVALID-TOKEN"}, Who.COORDINATION),
        ({"code": "no-answer", "error": "MOODLE-NOT-MOODLE"}, Who.COORDINATION),
        ({"code": "no-answer", "error": "MOODLE-ADDRESS", "reason": "private"}, Who.TOOL),
        (
            {"code": "no-answer", "error": "MOODLE-UNREACHABLE", "reason": "certificate_expired"},
            Who.SERVERS,
        ),
        (
            {"code": "no-answer", "error": "MOODLE-UNREACHABLE", "reason": "connection_refused"},
            Who.SERVERS,
        ),
        ({"code": "no-answer", "error": "MOODLE-PROTOCOL-DISABLED"}, Who.MOODLE),
        ({"code": "other-address"}, Who.COORDINATION),
        ({"code": "missing-capability", "capabilities": ["moodle/cohort:view"]}, Who.MOODLE),
    ],
)
def test_a_token_that_does_not_work_is_for_whoever_can_mend_it(
    sessions: sessionmaker[Session],
    settings: Settings,
    session: Session,
    quiet: Site,
    finding: dict[str, Any],
    who: Who,
) -> None:
    quiet.token_set_at = quiet.checked_at = MOMENT
    quiet.check_findings = [finding]
    session.commit()

    assert look(sessions, settings, quiet)[f"DIAG-{finding['code'].upper()}"].who == who


def test_a_site_that_does_not_exist_is_not_found(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    with pytest.raises(NotFound):
        diagnose_site(sessions, settings, 404, ask=True)


def test_a_closed_registration_and_a_waiting_deployment_are_told(
    sessions: sessionmaker[Session], settings: Settings, session: Session, quiet: Site
) -> None:
    registration = registration_of(session, quiet)
    registration.state = RegistrationState.REFUSED
    session.add(
        Deployment(
            registration_id=registration.id,
            deployment_id="99",
            state=RegistrationState.PENDING,
            created_at=MOMENT,
        )
    )
    session.commit()
    found = look(sessions, settings, quiet)
    assert "suspendu ici" in found["DIAG-REGISTRATION"].title
    assert "99" in found["DIAG-DEPLOYMENT"].title
    assert found["DIAG-DEPLOYMENT"].who == Who.COORDINATION


@pytest.mark.parametrize("issuer", ["http://moodle.localhost:8081/", "https://moodle.localhost"])
def test_an_issuer_that_is_not_the_address_is_told(
    sessions: sessionmaker[Session],
    settings: Settings,
    session: Session,
    quiet: Site,
    issuer: str,
) -> None:
    registration_of(session, quiet).issuer = issuer
    session.commit()
    assert issuer in look(sessions, settings, quiet)["DIAG-ISSUER"].title


def test_a_tool_in_http_inside_a_moodle_in_https_is_a_problem(
    sessions: sessionmaker[Session], settings: Settings, session: Session
) -> None:
    site = make_site(session, "https://moodle.example.org")
    session.commit()
    assert look(sessions, settings, site)["DIAG-SCHEME"].who == Who.TOOL


def test_a_dynamic_registration_without_any_launch_is_a_supposition_and_says_so(
    sessions: sessionmaker[Session], settings: Settings, session: Session, quiet: Site
) -> None:
    registration = registration_of(session, quiet)
    registration.launched_at = None
    session.commit()
    assert look(sessions, settings, quiet)["DIAG-NO-LAUNCH"].level == Level.UNKNOWN
    registration.origin = RegistrationOrigin.DYNAMIC
    session.commit()
    supposed = look(sessions, settings, quiet)["DIAG-PENDING"]
    assert supposed.level == Level.SUPPOSED
    assert "supposition" in supposed.why
    registration.launched_at = MOMENT
    session.commit()
    assert "DIAG-PENDING" not in look(sessions, settings, quiet)


def test_refused_launches_are_told_with_their_likely_cause(
    sessions: sessionmaker[Session], settings: Settings, session: Session, quiet: Site
) -> None:
    other = make_site(session, "http://autre.localhost:8082")
    numbers = registration_of(session, quiet).id, registration_of(session, other).id
    session.commit()
    with clock.set_to(MOMENT - timedelta(days=1)):
        for _launch in range(12):
            count_refusal(session, "LTI-NOT-YET", numbers[0])
        count_refusal(session, "LTI-TARGET-CLAIM", numbers[1])
        count_refusal(session, "LTI-ISSUER-UNKNOWN", None)
    with clock.set_to(MOMENT - timedelta(days=9)):
        count_refusal(session, "LTI-SIGNATURE", numbers[0])
    found = look(sessions, settings, quiet)
    assert "12 lancements refusés" in found["LTI-NOT-YET"].title
    assert "horloges" in found["LTI-NOT-YET"].why
    assert found["LTI-NOT-YET"].who == Who.SERVERS
    assert "n’a pas reconnu de quel site" in found["LTI-ISSUER-UNKNOWN"].title
    assert "LTI-TARGET-CLAIM" not in found, "of another site"
    assert "LTI-SIGNATURE" not in found, "too long ago"


def test_clocks_that_differ_are_told_with_their_direction(
    sessions: sessionmaker[Session], settings: Settings, quiet: Site, world: World
) -> None:
    assert "DIAG-CLOCK" not in look(sessions, settings, quiet, ask=True)
    for shown, words in (("07:58:00", "avance de 120"), ("08:00:30", "retarde de 30")):
        world.site = Answer(200, {"Date": f"Tue, 01 Sep 2026 {shown} GMT"}, b"{}")
        assert words in look(sessions, settings, quiet, ask=True)["DIAG-CLOCK"].title


@pytest.mark.parametrize(
    ("answer", "code", "who"),
    [
        (FetchFailed("tls", "h"), "DIAG-TLS", Who.SERVERS),
        (FetchFailed("tls-authority", "h"), "DIAG-TLS", Who.SERVERS),
        (FetchFailed("unresolved", "h"), "DIAG-UNREACHABLE", Who.SERVERS),
        (FetchFailed("timeout", "h"), "DIAG-UNREACHABLE", Who.SERVERS),
        (FetchRefused("private", "h"), "DIAG-PRIVATE", Who.TOOL),
        (Answer(301, {}, b""), "DIAG-REDIRECT", Who.COORDINATION),
        (Answer(503, {}, b""), "DIAG-STATUS", Who.MOODLE),
    ],
)
def test_a_site_that_does_not_answer_as_it_should_says_why(
    sessions: sessionmaker[Session],
    settings: Settings,
    quiet: Site,
    world: World,
    answer: Answer | Exception,
    code: str,
    who: Who,
) -> None:
    world.site = answer
    found = look(sessions, settings, quiet, ask=True)
    assert (found[code].level, found[code].who) == (Level.PROBLEM, who)


def test_keys_that_are_unread_or_all_others_are_told(
    sessions: sessionmaker[Session],
    settings: Settings,
    session: Session,
    quiet: Site,
    world: World,
) -> None:
    session.add(
        PlatformKeySet(
            jwks_url=registration_of(session, quiet).jwks_url,
            document={"keys": [{"kid": "former"}, {"kid": "k"}]},
            fetched_at=MOMENT,
            tried_at=MOMENT,
        )
    )
    session.commit()
    assert "DIAG-KEYS-CHANGED" not in look(sessions, settings, quiet, ask=True), "one is the same"
    world.keys = {"keys": [{"kid": "another"}]}
    assert look(sessions, settings, quiet, ask=True)["DIAG-KEYS-CHANGED"].level == Level.WARNING
    world.keys = ValueError("not a key set")
    assert look(sessions, settings, quiet, ask=True)["DIAG-KEYS"].level == Level.PROBLEM


def test_an_own_address_that_does_not_answer_is_only_a_supposition(
    sessions: sessionmaker[Session], settings: Settings, quiet: Site, world: World
) -> None:
    assert look(sessions, settings, quiet, ask=True)["DIAG-OWN-ADDRESS"].level == Level.SUPPOSED


@pytest.fixture
def coordinator(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser with a coordinator at it."""
    person = make_person(session, "Zélie Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    return client


def test_the_page_tells_what_is_known_and_asks_only_when_told_to(
    coordinator: FlaskClient, quiet: Site, world: World
) -> None:
    path = f"/coordination/sites/{quiet.id}/diagnostic"
    world.site = FetchFailed("tls", "h")
    shown = words_of(coordinator.get(path))
    for words in ("Interroger Moodle maintenant", "Aucun jeton n’est enregistré", "Qui :"):
        assert words in shown
    assert "certificat du site n’est pas reconnu" not in shown
    assert "certificat du site n’est pas reconnu" in words_of(coordinator.post(path))


def test_nobody_but_a_coordinator_finds_the_diagnosis(
    client: FlaskClient, session: Session, quiet: Site
) -> None:
    path = f"/coordination/sites/{quiet.id}/diagnostic"
    sign_in(client, session, make_person(session, "Autre Fictif"))
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)


def test_the_diagnosis_of_a_missing_site_is_not_found(coordinator: FlaskClient) -> None:
    assert coordinator.get("/coordination/sites/404/diagnostic").status_code == 404
    assert coordinator.post("/coordination/sites/404/diagnostic").status_code == 404


def test_looking_without_asking_writes_nothing(
    coordinator: FlaskClient, session: Session, quiet: Site
) -> None:
    coordinator.get(f"/coordination/sites/{quiet.id}/diagnostic")
    assert session.scalar(select(func.count()).where(Site.checked_at.is_not(None))) == 0


def test_what_the_token_lacks_is_quoted_by_a_code_of_the_diagnosis(
    sessions: sessionmaker[Session], settings: Settings, session: Session, quiet: Site
) -> None:
    quiet.token, quiet.token_set_at, quiet.checked_at = "0" * 32, MOMENT, MOMENT
    quiet.check_findings = [{"code": "no-answer", "error": "MOODLE-INVALID-TOKEN"}]
    session.commit()
    assert look(sessions, settings, quiet)["DIAG-NO-ANSWER"].level == Level.PROBLEM


def test_a_site_that_names_itself_otherwise_is_a_problem_since_its_launches_are_refused(
    sessions: sessionmaker[Session], settings: Settings, session: Session, quiet: Site
) -> None:
    quiet.token, quiet.token_set_at, quiet.checked_at = "0" * 32, MOMENT, MOMENT
    quiet.check_findings = [{"code": "other-address", "address": "https://other.example.test"}]
    session.commit()
    found = look(sessions, settings, quiet)["DIAG-OTHER-ADDRESS"]
    assert found.level == Level.PROBLEM
    assert "se nomme https://other.example.test," in found.title
