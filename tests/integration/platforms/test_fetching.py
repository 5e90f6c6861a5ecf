"""The road out to platforms, against servers and name servers that mean harm."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from lti_tool.platforms.fetching import (
    FetchFailed,
    FetchRefused,
    Limits,
    Policy,
    check_address,
    fetch,
)
from tests.certificates import self_signed
from tests.names import Names

LOCAL = Policy.of(("127.0.0.0/8",), https_only=False)
PUBLIC_ONLY = Policy(https_only=False)
PUBLIC = "93.184.215.14"


def test_the_answer_comes_back_whatever_its_status(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/certs").respond_with_json({"error": "non"}, status=418)

    answer = fetch(httpserver.url_for("/certs"), policy=LOCAL)

    assert (answer.status, answer.json()) == (418, {"error": "non"})
    assert answer.headers["content-type"].startswith("application/json")


def test_form_body_headers_and_method_go_out_as_given(httpserver: HTTPServer) -> None:
    seen: list[tuple[str, str | None, bytes]] = []

    def keep(request: Request) -> Response:
        seen.append((request.method, request.headers.get("Authorization"), request.get_data()))
        return Response("ok")

    httpserver.expect_request("/token").respond_with_handler(keep)
    url = httpserver.url_for("/token")

    fetch(url, method="POST", data={"scope": "a b"}, policy=LOCAL)
    fetch(url, method="PUT", json={"é": 1}, headers={"Authorization": "Bearer x"}, policy=LOCAL)

    assert seen[0] == ("POST", None, b"scope=a+b")
    assert seen[1][:2] == ("PUT", "Bearer x")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "[::1]"]
)
def test_this_machine_is_not_reached_however_it_is_written(
    httpserver: HTTPServer, host: str
) -> None:
    with pytest.raises((FetchRefused, FetchFailed)) as refused:
        fetch(f"http://{host}:{httpserver.port}/", policy=PUBLIC_ONLY)

    # A system without the odd writings does not resolve them at all.
    assert refused.value.reason in ("private", "unresolved")
    assert httpserver.log == []


def test_a_name_that_points_inside_is_refused(httpserver: HTTPServer, names: Names) -> None:
    names("moodle.test", ["127.0.0.1"])

    with pytest.raises(FetchRefused, match="private"):
        fetch(f"http://moodle.test:{httpserver.port}/", policy=PUBLIC_ONLY)

    assert httpserver.log == []


def test_one_address_inside_among_public_ones_refuses_the_name(names: Names) -> None:
    names("moodle.test", [f"{PUBLIC} 10.0.0.1"])

    with pytest.raises(FetchRefused, match="private"):
        fetch("http://moodle.test/", policy=PUBLIC_ONLY)


def test_an_answer_that_changes_after_the_check_changes_nothing(
    httpserver: HTTPServer, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    names("moodle.test", [PUBLIC, "127.0.0.1"])
    reached: list[Any] = []

    class Watched(socket.socket):
        def connect(self, address: Any) -> None:
            reached.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "socket", Watched)
    with pytest.raises(FetchFailed, match="no-answer"):
        fetch(f"http://moodle.test:{httpserver.port}/", policy=PUBLIC_ONLY)

    assert reached == [(PUBLIC, httpserver.port)]
    with pytest.raises(FetchRefused, match="private"):
        fetch(f"http://moodle.test:{httpserver.port}/", policy=PUBLIC_ONLY)


def test_the_host_header_keeps_the_name(httpserver: HTTPServer, names: Names) -> None:
    names("moodle.test", ["127.0.0.1"])
    httpserver.expect_request("/").respond_with_data("ok")

    fetch(f"http://moodle.test:{httpserver.port}/", policy=LOCAL)

    assert httpserver.log[0][0].host == f"moodle.test:{httpserver.port}"


def test_a_redirect_is_an_answer_and_is_not_followed(httpserver: HTTPServer) -> None:
    inside = httpserver.url_for("/inside")
    httpserver.expect_request("/certs").respond_with_data("", 302, {"Location": inside})

    answer = fetch(httpserver.url_for("/certs"), policy=LOCAL)

    assert answer.status == 302
    assert [request.path for request, _response in httpserver.log] == ["/certs"]


def test_proxies_and_passwords_of_the_environment_are_not_used(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login nom password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    httpserver.expect_request("/").respond_with_data("ok")

    assert fetch(httpserver.url_for("/"), policy=LOCAL).status == 200
    assert "Authorization" not in httpserver.log[0][0].headers


@pytest.mark.parametrize("compressed", [False, True])
def test_a_huge_answer_is_given_up(httpserver: HTTPServer, compressed: bool) -> None:
    body = b" " * 1_000_000
    headers = {"Content-Encoding": "gzip"} if compressed else {}
    httpserver.expect_request("/").respond_with_data(
        gzip.compress(body) if compressed else body, headers=headers
    )

    with pytest.raises(FetchFailed, match="too-large"):
        fetch(httpserver.url_for("/"), policy=LOCAL, limits=Limits(size=100_000))


@pytest.fixture
def silent() -> Iterator[Callable[[bytes], str]]:
    """A server that sends the bytes it is given, then nothing, and never hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))
    first = [b""]
    held: list[socket.socket] = []

    def serve() -> None:
        try:
            peer, _place = listener.accept()
        except OSError:
            return
        held.append(peer)
        peer.sendall(first[0])

    threading.Thread(target=serve, daemon=True).start()

    def start(sent: bytes) -> str:
        first[0] = sent
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    listener.close()
    for peer in held:
        peer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\n\r\nno length",
    ],
    ids=["nothing", "half a header", "half a body", "a body without length"],
)
def test_whatever_comes_too_slowly_ends_with_the_time_given_to_the_whole(
    silent: Callable[[bytes], str], sent: bytes
) -> None:
    with pytest.raises(FetchFailed, match="too-slow"):
        fetch(silent(sent), policy=LOCAL, limits=Limits(read=3600.0, total=0.2))


def test_silence_is_bounded_too(silent: Callable[[bytes], str]) -> None:
    with pytest.raises(FetchFailed, match="timeout"):
        fetch(silent(b""), policy=LOCAL, limits=Limits(read=0.05, total=3600.0))


def test_an_https_address_that_does_not_prove_its_name_is_refused(httpserver: HTTPServer) -> None:
    with pytest.raises(FetchFailed, match="tls"):
        fetch(f"https://127.0.0.1:{httpserver.port}/", policy=LOCAL)


def test_the_certificate_is_verified_for_the_name_and_not_for_the_address(
    names: Names, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, bundle = self_signed("moodle.test", tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    names("moodle.test", ["127.0.0.1"])
    names("autre.test", ["127.0.0.1"])
    with HTTPServer(ssl_context=context) as secure:
        secure.expect_request("/").respond_with_data("ok")

        assert fetch(f"https://moodle.test:{secure.port}/", policy=LOCAL).text == "ok"
        for other in ("autre.test", "127.0.0.1"):
            with pytest.raises(FetchFailed, match="tls"):
                fetch(f"https://{other}:{secure.port}/", policy=LOCAL)


def test_an_address_may_be_judged_without_asking_it(names: Names) -> None:
    names("dedans.test", ["192.168.1.1"])
    names("dehors.test", [PUBLIC])

    check_address("http://dehors.test/moodle", policy=PUBLIC_ONLY)
    check_address("http://personne.invalid/", policy=PUBLIC_ONLY)
    with pytest.raises(FetchRefused, match="private"):
        check_address("http://dedans.test/moodle", policy=PUBLIC_ONLY)
