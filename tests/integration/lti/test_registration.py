"""Dynamic registration: what Moodle is asked, what is believed of its answers, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
import responses
import structlog
import time_machine
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs
from werkzeug import Response
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.lti.registration.configuration import ADDRESSES
from lti_tool.lti.registration.document import TOOL, registration_document
from lti_tool.lti.registration.errors import RegistrationRefused
from lti_tool.lti.registration.service import register
from lti_tool.platforms.invitations import make_invitation, revoke_invitation
from lti_tool.platforms.models import (
    Registration,
    RegistrationInvitation,
    RegistrationOrigin,
    RegistrationState,
    Site,
)
from lti_tool.platforms.service import frame_ancestors
from tests.factories import make_site

RECORDED = Path(__file__).parents[2] / "recordings" / "4.5" / "lti"
MOODLE = "http://moodle.localhost:8081"
CONFIGURATION = f"{MOODLE}/mod/lti/openid-configuration.php"
ENDPOINT = f"{MOODLE}/mod/lti/openid-registration.php"
BASE = "http://tool.localhost"


def recorded(name: str) -> dict[str, Any]:
    """The first exchange of a recording."""
    exchange: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))[
        "exchanges"
    ][0]
    return exchange


def start(name: str = "dynreg-start") -> str:
    """The registration token that Moodle gave."""
    if name == "dynreg-start":
        return str(
            json.loads((RECORDED / f"{name}.json").read_text("utf-8"))["query"][
                "registration_token"
            ]
        )
    location = recorded(name)["response"]["headers"]["Location"]
    return str(location.partition("registration_token=")[2])


def configuration(**changed: Any) -> dict[str, Any]:
    """Moodle's description, with members changed (None: without)."""
    body = recorded("openid-configuration")["response"]["body"] | changed
    return {name: value for name, value in body.items() if value is not None}


class Moodle:
    """The platform's side, as recorded."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock
        self.describe(configuration())
        self.answer("dynreg-register")

    def describe(self, document: Any, **values: Any) -> None:
        self.mock.upsert(responses.GET, CONFIGURATION, **({"json": document} | values))

    def answer(self, name: str, method: str = responses.POST) -> None:
        said = recorded(name)["response"]
        body = {"json": said["body"]} if "body" in said else {"body": said["body_text"]}
        self.mock.upsert(
            method,
            ENDPOINT,
            status=said["status"],
            content_type=said["headers"]["Content-Type"],
            **body,
        )

    @property
    def posts(self) -> list[requests.PreparedRequest]:
        return [call.request for call in self.mock.calls if call.request.method == "POST"]


@pytest.fixture
def moodle() -> Iterator[Moodle]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Moodle(mock)


@pytest.fixture
def link(session: Session) -> str:
    """An invitation for a Moodle not known yet."""
    return make_invitation(session, actor_id=None, note="Moodle fictif")


def ask(client: FlaskClient, link: str, **changed: str) -> TestResponse:
    """Open the frame, as Moodle does."""
    return client.get(f"/lti/register/{link}", query_string=_query(changed))


def confirm(client: FlaskClient, link: str, **changed: str) -> TestResponse:
    """Press « Relier ce Moodle »."""
    return client.post(f"/lti/register/{link}", data=_query(changed))


def _query(changed: dict[str, str]) -> dict[str, str]:
    return {"openid_configuration": CONFIGURATION, "registration_token": start()} | changed


def stored(session: Session) -> list[Registration]:
    session.expire_all()
    return list(session.scalars(select(Registration).order_by(Registration.id)))


def nothing_stored(session: Session) -> bool:
    """Whether no site came; leaves no transaction open, so that the next request may write."""
    sites = session.scalar(select(func.count()).select_from(Site))
    session.commit()
    return sites == 0


def invitation(session: Session) -> RegistrationInvitation:
    session.expire_all()
    return session.scalars(select(RegistrationInvitation)).one()


# What is agreed


def test_a_new_moodle_registers_in_one_confirmation_and_waits_for_the_coordination(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    shown = ask(client, link)
    assert shown.status_code == 200
    assert "moodle.localhost:8081" in shown.text
    assert moodle.posts == []
    assert nothing_stored(session)

    done = confirm(client, link)

    assert done.status_code == 200, done.text
    (made,) = stored(session)
    assert (made.issuer, made.client_id) == (MOODLE, "PFL2dRHxVxNnhf9")
    assert made.auth_login_url == f"{MOODLE}/mod/lti/auth.php"
    assert made.token_url == f"{MOODLE}/mod/lti/token.php"
    assert made.jwks_url == f"{MOODLE}/mod/lti/certs.php"
    assert [deployment.deployment_id for deployment in made.deployments] == ["4"]
    assert made.state == RegistrationState.PENDING
    assert made.origin == RegistrationOrigin.DYNAMIC
    assert made.scopes is None
    assert made.site.base_url == MOODLE
    assert invitation(session).registration_id == made.id


def test_an_invitation_made_for_a_site_opens_its_launches_at_once(
    client: FlaskClient, session: Session, moodle: Moodle
) -> None:
    site = make_site(session, MOODLE)
    link = make_invitation(session, actor_id=None, site_id=site.id)

    assert confirm(client, link).status_code == 200

    assert [(r.client_id, r.state, r.site_id) for r in stored(session)] == [
        ("client-1", "active", site.id),
        ("PFL2dRHxVxNnhf9", "active", site.id),
    ]


def test_the_document_asks_for_what_moodle_accepted_when_it_was_recorded() -> None:
    accepted = recorded("dynreg-register")["request"]["json"]
    ours = registration_document("http://tool.localhost:8000")

    for same in (
        *("application_type", "response_types", "grant_types", "initiate_login_uri", "jwks_uri"),
        *("token_endpoint_auth_method", "scope"),
    ):
        assert ours[same] == accepted[same], same
    assert set(accepted) - set(ours) == {"contacts"}
    assert set(ours["redirect_uris"]) <= set(accepted["redirect_uris"])
    for same in ("domain", "target_link_uri"):
        assert ours[TOOL][same] == accepted[TOOL][same], same
    assert [m["type"] for m in ours[TOOL]["messages"]] == [
        m["type"] for m in accepted[TOOL]["messages"]
    ]
    assert set(accepted[TOOL]["claims"]) - set(ours[TOOL]["claims"]) == {"email"}
    assert not [value for value in ours[TOOL]["custom_parameters"].values() if "=" in value]


def test_the_domain_of_a_tool_below_a_path_is_its_host_and_port() -> None:
    tool = registration_document("https://asso.test:8443/ancrage")[TOOL]

    assert tool["domain"] == "asso.test:8443"
    assert tool["target_link_uri"] == "https://asso.test:8443/ancrage/lti/launch"


def test_the_token_goes_to_the_platform_alone_and_stays_out_of_the_log(
    client: FlaskClient, moodle: Moodle, link: str
) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    with capture_logs() as lines:
        done = confirm(client, link)

    (post,) = moodle.posts
    assert post.headers["Authorization"] == f"Bearer {start()}"
    assert start() not in done.text
    assert link not in done.text
    assert start() not in str(lines)
    assert link not in str(lines)
    assert [line["event"] for line in lines] == ["registration.stored"]


# The frame


def test_only_the_platform_confirmed_may_frame_the_pages_and_gets_the_closing_message(
    client: FlaskClient, moodle: Moodle, link: str
) -> None:
    for page in (ask(client, link), confirm(client, link)):
        policy = page.headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors 'self' {MOODLE}")
        assert "form-action 'self';" in policy
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
    assert f'data-origin="{MOODLE}"' in page.text
    assert "registration-close.js" in page.text


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.test; script-src *",
        "http://evil.test *",
        "https://*/x",
        "javascript:alert(1)",
        "",
        "http://a@evil.test/",
        "http://[",
        "http://evil.test:port/",
    ],
)
def test_no_address_can_write_anything_else_into_the_policy(
    client: FlaskClient, moodle: Moodle, link: str, address: str
) -> None:
    page = ask(client, link, openid_configuration=address)

    assert page.status_code < 500 or "LTI-REGISTRATION-" in page.text
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_a_refusal_can_be_read_in_the_frame(client: FlaskClient) -> None:
    page = ask(client, "inconnu")

    assert page.status_code == 404
    assert "LTI-REGISTRATION-LINK" in page.text
    assert page.headers["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {MOODLE}")


def test_a_link_opened_outside_moodle_says_where_to_paste_it(
    client: FlaskClient, moodle: Moodle, link: str
) -> None:
    page = client.get(f"/lti/register/{link}")

    assert page.status_code == 200
    assert f"{BASE}/lti/register/{link}" in page.text
    assert len(moodle.mock.calls) == 0


# The link


def test_a_link_serves_once(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    confirm(client, link)

    for again in (ask(client, link), confirm(client, link)):
        assert again.status_code == 404
        assert "LTI-REGISTRATION-LINK-USED" in again.text
    assert len(moodle.posts) == 1
    assert len(stored(session)) == 1


def test_a_link_expires_after_seven_days(client: FlaskClient, moodle: Moodle, link: str) -> None:
    with time_machine.travel(clock.now() + timedelta(days=7), tick=False):
        page = confirm(client, link)

    assert "LTI-REGISTRATION-LINK-EXPIRED" in page.text
    assert len(moodle.mock.calls) == 0


def test_a_withdrawn_link_does_not_serve(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    revoke_invitation(session, actor_id=None, invitation_id=invitation(session).id)

    assert "LTI-REGISTRATION-LINK-REVOKED" in confirm(client, link).text
    assert len(moodle.mock.calls) == 0


@pytest.mark.parametrize(
    ("change", "reason"), [("revoked_at", "LINK-REVOKED"), ("registration_id", "LINK-USED")]
)
def test_a_link_withdrawn_or_spent_while_moodle_is_waited_for_registers_nothing(
    client: FlaskClient,
    sessions: sessionmaker[Session],
    session: Session,
    moodle: Moodle,
    link: str,
    change: str,
    reason: str,
) -> None:
    other = make_site(session, "http://autre.localhost:8082").registrations[0].id
    session.commit()

    def answer(_request: object) -> tuple[int, dict[str, str], str]:
        with sessions.begin() as own:
            held = own.scalars(select(RegistrationInvitation)).one()
            setattr(held, change, clock.now() if change == "revoked_at" else other)
        return 200, {}, json.dumps(recorded("dynreg-register")["response"]["body"])

    moodle.mock.remove(responses.POST, ENDPOINT)
    moodle.mock.add_callback(responses.POST, ENDPOINT, answer)

    page = confirm(client, link)

    assert page.status_code == 404
    assert f"LTI-REGISTRATION-{reason}<" in page.text
    assert [made.id for made in stored(session)] == [other]


def test_nobody_without_a_link_makes_the_tool_ask_anything(
    client: FlaskClient, moodle: Moodle
) -> None:
    for token in ("", "x", "é" * 50, "x" * 5000):
        assert ask(client, token or "-").status_code == 404
        assert confirm(client, token or "-").status_code == 404
    assert len(moodle.mock.calls) == 0


def test_of_two_confirmations_at_once_one_registers(
    sessions: sessionmaker[Session], session: Session, httpserver: HTTPServer, link: str
) -> None:
    base = httpserver.url_for("").rstrip("/")
    document = json.loads(json.dumps(configuration()).replace(MOODLE, base))
    second: list[object] = []

    def answer(_request: object) -> Response:
        with sessions() as own, pytest.raises(RegistrationRefused) as refused:
            register(own, link, f"{base}/configuration", start(), base_url=BASE)
        second.append(refused.value.reason)
        return Response(json.dumps(recorded("dynreg-register")["response"]["body"]))

    httpserver.expect_request("/configuration").respond_with_json(document)
    httpserver.expect_request("/mod/lti/openid-registration.php").respond_with_handler(answer)
    with sessions() as own:
        register(own, link, f"{base}/configuration", start(), base_url=BASE)

    assert second == ["LTI-REGISTRATION-LINK-BUSY"]
    assert len(stored(session)) == 1


def test_of_many_confirmations_in_parallel_one_registers(
    sessions: sessionmaker[Session], session: Session, httpserver: HTTPServer, link: str
) -> None:
    base = httpserver.url_for("").rstrip("/")
    document = json.loads(json.dumps(configuration()).replace(MOODLE, base))
    httpserver.expect_request("/configuration").respond_with_json(document)
    httpserver.expect_request("/mod/lti/openid-registration.php").respond_with_json(
        recorded("dynreg-register")["response"]["body"]
    )

    def one() -> bool:
        with sessions() as own:
            try:
                register(own, link, f"{base}/configuration", start(), base_url=BASE)
            except RegistrationRefused:
                return False
            return True

    with ThreadPoolExecutor(4) as threads:
        entered = [future.result() for future in [threads.submit(one) for _ in range(4)]]

    assert entered.count(True) == 1
    posts = [request for request, _answer in httpserver.log if request.method == "POST"]
    assert len(posts) == 1
    assert len(stored(session)) == 1


# What a platform may not say


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"issuer": "http://autre.localhost:8081"}, "HOSTS"),
        ({"issuer": "http://moodle.localhost"}, "HOSTS"),
        ({"issuer": "https://moodle.localhost:8081"}, "HOSTS"),
        ({"issuer": f"{MOODLE}/campus"}, "HOSTS"),
        ({"issuer": f"{MOODLE}/"}, "CONFIGURATION"),
        ({"issuer": f"{MOODLE}?x"}, "CONFIGURATION"),
        ({"issuer": "http://moodle.test;script-src *"}, "CONFIGURATION"),
        ({"issuer": "http://*.test"}, "CONFIGURATION"),
        ({"issuer": "x" * 301}, "CONFIGURATION"),
        ({"issuer": None}, "CONFIGURATION"),
        ({"issuer": 4}, "CONFIGURATION"),
        ({"registration_endpoint": "http://evil.test/mod/lti/openid-registration.php"}, "HOSTS"),
        ({"registration_endpoint": f"{MOODLE}.evil.test/register"}, "HOSTS"),
        ({"registration_endpoint": f"{MOODLE}@evil.test/register"}, "HOSTS"),
        ({"registration_endpoint": f"{MOODLE}/a/../b"}, "HOSTS"),
        ({"registration_endpoint": None}, "CONFIGURATION"),
        ({"authorization_endpoint": "http://evil.test/auth"}, "HOSTS"),
        ({"token_endpoint": "http://127.0.0.1/token"}, "HOSTS"),
        ({"jwks_uri": "http://169.254.169.254/"}, "HOSTS"),
        ({"jwks_uri": f"{MOODLE}/" + "x" * 500}, "CONFIGURATION"),
        *(
            ({name: f"{MOODLE}/pluginfile.php/7/blog/attachment/1/a.json"}, "HOSTS")
            for name in ADDRESSES
        ),
        ({"token_endpoint_auth_methods_supported": ["client_secret_basic"]}, "CAPABILITY"),
        ({"token_endpoint_auth_signing_alg_values_supported": ["HS256"]}, "CAPABILITY"),
        ({"id_token_signing_alg_values_supported": ["ES256"]}, "CAPABILITY"),
        ({"id_token_signing_alg_values_supported": "RS256"}, "CAPABILITY"),
        ({"response_types_supported": ["code"]}, "CAPABILITY"),
        ({"response_types_supported": None}, "CAPABILITY"),
    ],
    ids=str,
)
def test_a_description_that_does_not_hold_together_is_refused(
    client: FlaskClient,
    session: Session,
    moodle: Moodle,
    link: str,
    changed: dict[str, Any],
    reason: str,
) -> None:
    moodle.describe(configuration(**changed))

    for page in (ask(client, link), confirm(client, link)):
        assert page.status_code == 400
        assert f"LTI-REGISTRATION-{reason}<" in page.text
    assert moodle.posts == []
    assert nothing_stored(session)
    assert invitation(session).used_at is None


@pytest.mark.parametrize(
    "values",
    [
        {"body": "<html>maintenance</html>"},
        {"json": []},
        {"json": "texte"},
        {"body": "[" * 50_000},
        {"status": 404},
        {"status": 302, "headers": {"Location": "http://127.0.0.1/admin"}},
    ],
    ids=lambda values: str(values)[:40],
)
def test_an_answer_that_is_no_description_is_refused(
    client: FlaskClient, moodle: Moodle, link: str, values: dict[str, Any]
) -> None:
    moodle.mock.remove(responses.GET, CONFIGURATION)
    moodle.mock.get(CONFIGURATION, **values)

    assert "LTI-REGISTRATION-CONFIGURATION<" in ask(client, link).text


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("file:///etc/passwd", "ADDRESS"),
        ("gopher://moodle.localhost/", "ADDRESS"),
        ("http://169.254.169.254/latest/meta-data/", "ADDRESS"),
        ("http://[fe80::1]/", "ADDRESS"),
        ("http://10.0.0.1/", "ADDRESS"),
        ("http://nom:mot@moodle.localhost:8081/", "ADDRESS"),
        ("http://moodle.invalid/", "UNREACHABLE"),
    ],
)
def test_an_address_that_may_not_be_asked_is_not_asked(
    client: FlaskClient, session: Session, link: str, address: str, reason: str
) -> None:
    page = ask(client, link, openid_configuration=address)

    assert page.status_code == 502
    assert f"LTI-REGISTRATION-{reason}<" in page.text
    assert nothing_stored(session)


# No takeover


def test_a_known_platform_is_not_registered_again_by_an_open_invitation(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    make_site(session, MOODLE)
    session.commit()

    for page in (ask(client, link), confirm(client, link)):
        assert page.status_code == 409
        assert "LTI-REGISTRATION-ISSUER-KNOWN<" in page.text
    assert moodle.posts == []
    assert [r.client_id for r in stored(session)] == ["client-1"]


def test_an_invitation_made_for_a_site_serves_no_other(
    client: FlaskClient, session: Session, moodle: Moodle
) -> None:
    site = make_site(session, "http://autre.localhost:8082")
    link = make_invitation(session, actor_id=None, site_id=site.id)

    assert "LTI-REGISTRATION-OTHER-SITE<" in confirm(client, link).text
    assert moodle.posts == []
    assert [r.client_id for r in stored(session)] == ["client-1"]


def test_a_known_client_is_updated_and_keeps_its_state_and_addresses(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    confirm(client, link)
    (before,) = stored(session)
    second = make_invitation(session, actor_id=None)
    moodle.answer("dynreg-update-read", responses.GET)
    moodle.answer("dynreg-update")
    token = start("dynreg-update-start")

    assert ask(client, second, registration_token=token).status_code == 200
    page = confirm(client, second, registration_token=token)

    assert page.status_code == 200, page.text
    (after,) = stored(session)
    assert (after.id, after.client_id, after.state) == (before.id, "PFL2dRHxVxNnhf9", "pending")
    assert [deployment.deployment_id for deployment in after.deployments] == ["4"]


def test_an_update_of_a_client_that_is_not_ours_is_refused_before_anything_is_sent(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    make_site(session, MOODLE)
    session.commit()
    moodle.answer("dynreg-update-read", responses.GET)

    page = confirm(client, link, registration_token=start("dynreg-update-start"))

    assert "LTI-REGISTRATION-CLIENT-UNKNOWN<" in page.text
    assert moodle.posts == []
    assert [r.client_id for r in stored(session)] == ["client-1"]
    assert invitation(session).used_at is None


def test_an_update_that_ends_with_another_client_is_refused(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    moodle.answer("dynreg-update-read", responses.GET)
    moodle.answer("dynreg-register-minimal")

    page = confirm(client, link, registration_token=start("dynreg-update-start"))

    assert "LTI-REGISTRATION-ANSWER<" in page.text
    assert nothing_stored(session)


def test_what_was_accepted_by_moodle_and_lost_here_is_mended_with_the_same_link(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    held = invitation(session)
    held.used_at = clock.now()  # the process died here, after Moodle's acceptance
    session.commit()
    assert "LTI-REGISTRATION-LINK-BUSY<" in ask(client, link).text
    moodle.answer("dynreg-update-read", responses.GET)
    moodle.answer("dynreg-update")

    with time_machine.travel(clock.now() + timedelta(minutes=2, seconds=1), tick=False):
        page = confirm(client, link, registration_token=start("dynreg-update-start"))

    assert page.status_code == 200, page.text
    (made,) = stored(session)
    assert (made.client_id, made.state) == ("PFL2dRHxVxNnhf9", "pending")


# What Moodle refuses


@pytest.mark.parametrize(
    ("name", "reason", "status"),
    [
        ("dynreg-error-token-reused", "TOKEN-USED", 409),
        ("dynreg-error-no-token", "TOKEN", 409),
        ("dynreg-error-forged-token", "TOKEN", 409),
        ("dynreg-error-bad-token", "TOKEN", 409),
        ("dynreg-error-bad-json", "TOKEN", 409),
        ("dynreg-error-domain-mismatch", "DOCUMENT", 502),
        ("dynreg-error-domain-without-port", "DOCUMENT", 502),
        ("dynreg-error-no-domain", "DOCUMENT", 502),
        ("dynreg-error-auth-method", "DOCUMENT", 502),
        ("dynreg-error-no-client-name", "DOCUMENT", 502),
        ("dynreg-error-no-redirect-uris", "DOCUMENT", 502),
        ("dynreg-error-no-tool-configuration", "DOCUMENT", 502),
        ("dynreg-error-response-types", "DOCUMENT", 502),
    ],
)
def test_each_refusal_of_moodle_says_what_to_do_and_leaves_the_link_open(
    client: FlaskClient,
    session: Session,
    moodle: Moodle,
    link: str,
    name: str,
    reason: str,
    status: int,
) -> None:
    moodle.answer(name)

    page = confirm(client, link)

    assert page.status_code == status
    assert f"LTI-REGISTRATION-{reason}<" in page.text
    assert nothing_stored(session)
    moodle.answer("dynreg-register")
    assert confirm(client, link).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": None},
        {"client_id": ""},
        {"client_id": 4},
        {"client_id": "x" * 201},
        {TOOL: None},
        {TOOL: []},
        {TOOL: {"deployment_id": ""}},
        {TOOL: {"deployment_id": "x" * 256}},
    ],
    ids=str,
)
def test_an_acceptance_that_does_not_name_client_and_deployment_stores_nothing(
    client: FlaskClient, session: Session, moodle: Moodle, link: str, changed: dict[str, Any]
) -> None:
    moodle.mock.replace(
        responses.POST, ENDPOINT, json=recorded("dynreg-register")["response"]["body"] | changed
    )

    assert "LTI-REGISTRATION-ANSWER<" in confirm(client, link).text
    assert nothing_stored(session)


@pytest.mark.parametrize("token", ["", "x" * 5000, "jeton é", "a\r\nX-Injected: 1"])
def test_a_registration_token_of_another_form_is_not_sent(
    client: FlaskClient, moodle: Moodle, link: str, token: str
) -> None:
    page = confirm(client, link, registration_token=token)

    assert "LTI-REGISTRATION-TOKEN<" in page.text
    assert moodle.posts == []


def test_a_token_that_nobody_can_read_is_moodles_own_affair(
    client: FlaskClient, moodle: Moodle, link: str
) -> None:
    assert confirm(client, link, registration_token="opaque").status_code == 200
    assert moodle.posts[0].headers["Authorization"] == "Bearer opaque"


def test_a_forged_update_token_gives_nothing_that_a_link_does_not_give(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    make_site(session, MOODLE)
    session.commit()
    forged = jwt.encode({"scope": "reg-update", "sub": "1"}, "x" * 32)
    moodle.answer("dynreg-error-forged-token", responses.GET)

    page = confirm(client, link, registration_token=forged)

    assert "LTI-REGISTRATION-TOKEN<" in page.text
    assert moodle.posts == []


# The page of somebody signed in


def test_a_site_that_waits_may_not_frame_the_other_pages(
    client: FlaskClient, session: Session, moodle: Moodle, link: str
) -> None:
    confirm(client, link)
    (made,) = stored(session)
    assert frame_ancestors(session) == ()

    made.state = RegistrationState.ACTIVE
    session.commit()
    from lti_tool.platforms.service.origins import forget_origins

    forget_origins()
    assert frame_ancestors(session) == (MOODLE,)
