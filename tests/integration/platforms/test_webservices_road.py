"""Web services take the judged road too: at each new connection, and not once at registration."""

from __future__ import annotations

import ast
import socket
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

import lti_tool
from lti_tool.platforms.fetching import Policy, judged_connector, requesting, webservices
from lti_tool.platforms.models import Site
from lti_tool.platforms.sentences import failure_sentence
from lti_tool.platforms.service import check_site, client_for, describe_check
from lti_tool.settings import Settings
from moodle_client import (
    AddressForbidden,
    MoodleClient,
    MoodleTimeout,
    NotMoodle,
    TransportOptions,
    Unreachable,
)
from tests.certificates import Authority
from tests.contract.moodle_client.faulty import (
    Behaviour,
    drips,
    drips_a_head,
    faulty,
    hangs_up,
    says,
)
from tests.contract.moodle_client.site import Site as Server
from tests.contract.moodle_client.test_faults import GOOD
from tests.factories import make_site
from tests.names import Names

TOKEN = "5e1f0b7c9d3a4e6f8a1b2c3d4e5f6a7b"
NAME = "moodle.test"
PUBLIC_ONLY = Policy(https_only=False)
THIS_MACHINE = Policy.of(("127.0.0.0/8",), https_only=False)


@pytest.fixture(autouse=True)
def policy(monkeypatch: pytest.MonkeyPatch) -> list[Policy]:
    """The policy of the process, which a test may change: this machine alone beside the public."""
    configured = [THIS_MACHINE]
    monkeypatch.setattr(requesting, "_configured", configured)
    return configured


def client_of(url: str, **options: Any) -> MoodleClient:
    chosen = TransportOptions(**{"backoff": 0, "connector": judged_connector, **options})
    return MoodleClient(url, TOKEN, options=chosen)


def named(server: Any) -> str:
    """The address of a server of this machine, by a name."""
    return str(server.url).replace("127.0.0.1", NAME)


def test_a_name_that_leads_inside_later_is_refused_at_the_next_connection(names: Names) -> None:
    names(NAME, ["127.0.0.1", "10.0.0.1"])
    with faulty(GOOD) as server, client_of(named(server)) as client:
        assert client.get_cohorts() == []

        with pytest.raises(AddressForbidden, match="private") as refused:
            client.get_cohorts()

        assert len(server.requests) == 1
    assert not refused.value.retryable
    assert refused.value.wsfunction == "core_cohort_get_cohorts"
    assert "ANCRAGE_PRIVATE_PLATFORMS" in str(failure_sentence(refused.value))
    # Nothing of the request, which holds the token, hangs on the error.
    assert refused.value.__context__ is None
    assert refused.value.__cause__ is None


def test_a_repeated_read_is_judged_again(names: Names) -> None:
    names(NAME, ["127.0.0.1", "169.254.169.254"])
    with faulty(hangs_up, GOOD) as server, client_of(named(server)) as client:
        with pytest.raises(AddressForbidden, match="forbidden"):
            client.get_cohorts()
        assert len(server.requests) == 1


def test_one_address_inside_among_public_ones_refuses_the_name(
    names: Names, policy: list[Policy]
) -> None:
    policy[0] = PUBLIC_ONLY
    names(NAME, ["93.184.215.14 192.168.1.1"])
    with client_of(f"http://{NAME}") as client, pytest.raises(AddressForbidden, match="private"):
        client.get_cohorts()


def test_a_private_address_is_open_where_the_settings_name_it(
    names: Names, policy: list[Policy]
) -> None:
    names(NAME, ["127.0.0.1"])
    names("autre.test", ["127.0.0.1"])
    policy[0] = Policy.of((NAME,), https_only=False)
    with faulty(GOOD) as server:
        with client_of(named(server)) as client:
            assert client.get_cohorts() == []
        for other in ("autre.test", "127.0.0.1"):
            url = named(server).replace(NAME, other)
            with client_of(url) as client, pytest.raises(AddressForbidden, match="private"):
                client.get_cohorts()
        assert len(server.requests) == 1


def test_plain_http_is_refused_where_https_is_asked_for(policy: list[Policy]) -> None:
    policy[0] = Policy.of(("127.0.0.0/8",), https_only=True)
    with faulty(GOOD) as server:
        with client_of(server.url) as client, pytest.raises(AddressForbidden, match="scheme"):
            client.get_cohorts()
        assert server.requests == []


def test_connections_are_kept_between_calls(
    names: Names, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    true = webservices.open_socket

    def count(host: str, *rest: Any) -> socket.socket:
        opened.append(host)
        return true(host, *rest)

    monkeypatch.setattr(webservices, "open_socket", count)
    names(NAME, ["127.0.0.1"])
    server.reset()
    with client_of(named(server)) as client:
        for _ in range(5):
            client.get_cohorts()

    assert len(server.received) == 5
    assert opened == [NAME]


def test_a_redirect_is_not_followed(names: Names) -> None:
    names(NAME, ["127.0.0.1"])
    with faulty(GOOD) as inside:
        moved = says("307 Temporary Redirect", b"", f"Location: {inside.url}/")
        with (
            faulty(moved) as server,
            client_of(named(server)) as client,
            pytest.raises(NotMoodle, match="redirect"),
        ):
            client.get_cohorts()
        assert inside.requests == []


def test_no_proxy_of_the_environment_is_used(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    names(NAME, ["127.0.0.1"])
    with faulty(GOOD) as server, client_of(named(server)) as client:
        assert client.get_cohorts() == []


def test_what_fails_on_the_way_keeps_its_name_and_is_repeated(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def unknown(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        raise socket.gaierror

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    refused = pytest.raises(Unreachable, match="connection_refused")
    with client_of(f"http://127.0.0.1:{port}") as client, refused:
        client.get_cohorts()
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    unknown_name = pytest.raises(Unreachable, match="unknown_name")
    with client_of(f"http://{NAME}", retries=2) as client, unknown_name:
        client.get_cohorts()
    assert asked == [NAME] * 3


@pytest.mark.parametrize("behaviour", [drips, drips_a_head])
def test_the_time_of_a_whole_answer_is_bounded_its_head_too(behaviour: Behaviour) -> None:
    with faulty(behaviour) as server, client_of(server.url, total_timeout=0.2) as client:
        with pytest.raises(MoodleTimeout):
            client.get_cohorts()
        assert len(server.requests) == 1


def test_an_encrypted_answer_is_bounded_too(policy: list[Policy], tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    policy[0] = Policy.of(("127.0.0.0/8",), https_only=True, ca_file=authority.file)
    encrypted = authority.server("127.0.0.1")
    with faulty(drips_a_head, tls=encrypted) as server:
        with client_of(server.url, total_timeout=0.2) as client, pytest.raises(MoodleTimeout):
            client.get_cohorts()
        assert len(server.requests) == 1


def test_the_tool_reads_a_site_by_this_road(
    session: Session, settings: Settings, names: Names, policy: list[Policy]
) -> None:
    names(NAME, ["192.168.1.1"])
    policy[0] = PUBLIC_ONLY
    site = make_site(session, f"http://{NAME}", token=TOKEN)

    with client_for(site, settings) as client, pytest.raises(AddressForbidden):
        client.get_courses()
    check_site(session, settings, site)

    [told] = describe_check(session.get_one(Site, site.id))
    assert told.blocking
    assert "ANCRAGE_PRIVATE_PLATFORMS" in told.effect


def test_no_other_part_of_the_tool_makes_a_client() -> None:
    folder = Path(lti_tool.__file__).parent
    makers = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", ""))
        in ("MoodleClient", "Transport", "TransportOptions", "request_token")
    }
    assert makers == {"platforms/service/access.py"}
