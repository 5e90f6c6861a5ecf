"""A platform and the tool on two different *sites*, over HTTPS, as on the Internet.

The browser is told where the names lead and which two keys to trust, for the run alone. The tool is
the whole application over SQLite; the platform is the demonstration's Moodle, or one that has a
storage for tools (``storage_platform``).
"""

from __future__ import annotations

import base64
import hashlib
import logging
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from flask import Flask
from werkzeug.serving import ThreadedWSGIServer

from lti_tool.app import create_app, create_runtime
from lti_tool.certification.service.publishing import publish_base_rule
from lti_tool.demo.moodle import DemoMoodle, create_moodle_app
from lti_tool.demo.moodle.world import World
from lti_tool.platforms.models import Site
from lti_tool.referential.seeding import seed_referential
from lti_tool.settings import Settings
from lti_tool.store.migrate import upgrade
from lti_tool.web.runtime import Runtime
from tests.browser.storage_platform import create_platform
from tests.factories import make_course, make_domain, make_site, map_course
from tests.security.forge import public_jwk, publish, registration_of

TOOL = "https://outil.example-ancrage.test"
MOODLE = "https://moodle.example-plateforme.test"
STORING = "https://cours.example-stockage.test"
WITNESS = "/temoin"
"""Of the tool's origin: sets two cookies, one partitioned and one not, and shows what came back."""
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class TwoSites:
    """Where the tool and the platforms answer, and how a browser gets there."""

    parts: Runtime
    flags: tuple[str, ...]
    ports: tuple[int, ...]
    tool: str = TOOL
    moodle: str = MOODLE
    storing: str = STORING


@contextmanager
def running_two_sites(folder: Path) -> Iterator[TwoSites]:
    """Serve the tool and both platforms while the block runs."""
    keys = {name: _certificate(folder, name) for name in (TOOL, MOODLE, STORING)}
    moodle = DemoMoodle(base_url=MOODLE, tool_url=TOOL, client_id="client-1")
    with ExitStack() as stack:
        parts = _tool(folder, moodle)
        stack.callback(parts.engine.dispose)
        applications: dict[str, Wsgi] = {
            TOOL: _with_witness(create_app(parts.settings, parts)),
            MOODLE: create_moodle_app(moodle),
            STORING: create_platform(STORING, TOOL),
        }
        ports, rules, trusted = [], [], []
        for name, application in applications.items():
            port = stack.enter_context(_served(application, keys[name].context))
            ports.append(port)
            rules.append(f"MAP {name.removeprefix('https://')}:443 127.0.0.1:{port}")
            trusted.append(keys[name].fingerprint)
        yield TwoSites(
            parts,
            (
                f"--host-resolver-rules={','.join(rules)}",
                f"--ignore-certificate-errors-spki-list={','.join(trusted)}",
            ),
            tuple(ports),
        )


def _tool(folder: Path, moodle: DemoMoodle) -> Runtime:
    settings = Settings(
        environment="test",
        base_url=TOOL,
        data_dir=folder / "tool",
        database_url=f"sqlite:///{folder / 'tool.sqlite3'}",
        secret_keys=(Fernet.generate_key().decode(),),
        log_level="ERROR",
        _env_file=None,
    )
    parts = create_runtime(settings)
    upgrade(parts.engine)
    with parts.sessions() as session:
        seed_referential(session)
        session.commit()
        publish_base_rule(session)
        for address, key in ((MOODLE, moodle.key.jwks()["keys"][0]), (STORING, public_jwk())):
            site = make_site(session, address)
            _map_courses(session, site, moodle.world)
            publish(session, registration_of(session, site), key)
    return parts


def _map_courses(session: Any, site: Site, world: World) -> None:
    for name, number in (("RMP-ADL-01", 1), ("RMP-ADL-07", 7)):
        [found] = [one for one in world.courses.values() if one.idnumber == name]
        course = make_course(session, site, found.id, idnumber=name)
        map_course(session, course, make_domain(session, number))


def _with_witness(app: Flask) -> Wsgi:
    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != WITNESS:
            return app(environ, start)
        cookies = [
            ("Set-Cookie", "ordinaire=1; Path=/; Secure; SameSite=None"),
            ("Set-Cookie", "a_part=1; Path=/; Secure; SameSite=None; Partitioned"),
        ]
        start("200 OK", [("Content-Type", "text/html; charset=utf-8"), *cookies])
        return [f"<title>Témoin</title><p>{environ.get('HTTP_COOKIE', '')}</p>".encode()]

    return answer


class _Server(ThreadedWSGIServer):
    """HTTPS, each connection greeted in its own thread.

    Werkzeug greets them one by one before it takes the next. A browser opens connections in advance
    and may say nothing on them for as long as a minute: every page would wait behind.
    """

    def __init__(self, application: Wsgi, context: ssl.SSLContext) -> None:
        super().__init__("127.0.0.1", 0, application)
        self.ssl_context = context  # the requests are told that they came by https

    def finish_request(self, request: Any, client_address: Any) -> None:
        assert self.ssl_context is not None
        # A browser may leave before the greeting, or in the middle.
        with (
            suppress(OSError),
            self.ssl_context.wrap_socket(request, server_side=True) as secured,
        ):
            super().finish_request(secured, client_address)


@contextmanager
def _served(application: Wsgi, context: ssl.SSLContext) -> Iterator[int]:
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)  # a browser leaves connections
    server = _Server(application, context)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True, slots=True)
class _Certificate:
    context: ssl.SSLContext
    fingerprint: str
    """SHA-256 of the public key, as Chromium takes it."""


def _certificate(folder: Path, address: str) -> _Certificate:
    host = address.removeprefix("https://")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return _Certificate(context, base64.b64encode(hashlib.sha256(public).digest()).decode())
