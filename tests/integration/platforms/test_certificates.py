"""Whom the tool believes: public authorities, and those that ANCRAGE_CA_FILE adds; else it says why."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pytest_httpserver import HTTPServer
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.errors import ConfigurationError
from lti_tool.lti.registration.errors import CertificateDoubtful
from lti_tool.lti.registration.exchange import fetch_configuration
from lti_tool.lti.services.wire import exchange
from lti_tool.platforms.diagnosis import diagnose_site
from lti_tool.platforms.fetching import FetchFailed, Policy, configure_fetching, fetch, requesting
from lti_tool.platforms.fetching.trust import tls_context
from lti_tool.platforms.keysets import fetch_key_set
from lti_tool.platforms.service import check_site, client_with, describe_check
from lti_tool.settings import Settings, load_settings
from lti_tool.web.runtime import Runtime
from moodle_client import CertificateFault, MoodleError, Unreachable
from tests.certificates import DAY, Authority, self_signed
from tests.conftest import LOCAL
from tests.factories import make_site
from tests.names import Names

NAME = "moodle.asso.lan"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A private authority."""
    return Authority(tmp_path)


@pytest.fixture
def trusting(parts: Runtime, monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    """Have this process trust the private authority, as ANCRAGE_CA_FILE does."""
    policy = Policy.of(LOCAL, https_only=True, ca_file=authority.file)
    monkeypatch.setattr(requesting, "_configured", [policy])


@pytest.fixture
def strict(parts: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process trust the public authorities only."""
    policy = Policy.of(LOCAL, https_only=True)
    monkeypatch.setattr(requesting, "_configured", [policy])


@contextmanager
def serving(context: ssl.SSLContext) -> Iterator[HTTPServer]:
    with HTTPServer(ssl_context=context) as server:
        server.expect_request("/webservice/rest/server.php").respond_with_json([])
        server.expect_request("/").respond_with_json({"keys": []})
        yield server


def address(server: HTTPServer, name: str = NAME) -> str:
    return f"https://{name}:{server.port}"


@pytest.mark.usefixtures("trusting")
def test_a_private_authority_of_the_settings_is_trusted_by_every_way_out(
    session: Session, authority: Authority, names: Names
) -> None:
    names(NAME, ["127.0.0.1"])
    with serving(authority.server(NAME)) as server:
        url = address(server)

        assert fetch(url).json() == {"keys": []}
        assert exchange("GET", url, headers={}).document() == {"keys": []}
        with client_with(make_site(session, url, token="f" * 32)) as client:
            assert client.get_cohorts() == []


@pytest.mark.usefixtures("strict")
def test_without_it_nothing_is_read_and_the_cause_is_named(
    session: Session, authority: Authority, names: Names
) -> None:
    names(NAME, ["127.0.0.1"])
    with serving(authority.server(NAME)) as server:
        url = address(server)

        with pytest.raises(FetchFailed, match="tls-authority"):
            fetch(url)
        with pytest.raises(FetchFailed, match="tls-authority"):
            fetch_key_set(url)
        with pytest.raises(CertificateDoubtful):
            fetch_configuration(url)
        with (
            client_with(make_site(session, url, token="f" * 32)) as client,
            pytest.raises(Unreachable, match="certificate_authority"),
        ):
            client.get_cohorts()
        assert server.log == []


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize(
    ("fault", "served", "since", "lasts"),
    [
        (CertificateFault.EXPIRED, NAME, -3 * DAY, DAY),
        (CertificateFault.NOT_YET, NAME, DAY, DAY),
        (CertificateFault.NAME, "autre.asso.lan", -DAY, 2 * DAY),
        (CertificateFault.NAME, "127.0.0.1", -DAY, 2 * DAY),
    ],
)
def test_what_is_wrong_with_a_certificate_is_named(
    session: Session,
    authority: Authority,
    names: Names,
    fault: CertificateFault,
    served: str,
    since: timedelta,
    lasts: timedelta,
) -> None:
    names(NAME, ["127.0.0.1"])
    with serving(authority.server(served, since=since, lasts=lasts)) as server:
        assert faults_of(session, address(server)) == {fault}


@pytest.mark.usefixtures("trusting")
def test_a_self_signed_certificate_and_another_authority_are_told_apart(
    session: Session, names: Names, tmp_path: Path
) -> None:
    names(NAME, ["127.0.0.1"])
    with serving(self_signed(NAME, tmp_path)[0]) as server:
        assert faults_of(session, address(server)) == {CertificateFault.SELF_SIGNED}
    with serving(Authority(tmp_path, "Une autre").server(NAME)) as server:
        assert faults_of(session, address(server)) == {CertificateFault.AUTHORITY}


def faults_of(session: Session, url: str) -> set[CertificateFault | None]:
    """What the two roads say of an address."""
    with pytest.raises(FetchFailed) as failed:
        fetch(url)
    with (
        client_with(make_site(session, url, token="f" * 32)) as client,
        pytest.raises(MoodleError) as refused,
    ):
        client.get_cohorts()
    return {failed.value.fault, CertificateFault(str(refused.value.reason)[len("certificate_") :])}


@pytest.mark.usefixtures("strict")
def test_the_diagnosis_says_what_to_do(
    sessions: sessionmaker[Session],
    session: Session,
    settings: Settings,
    authority: Authority,
    names: Names,
) -> None:
    names(NAME, ["127.0.0.1"])
    with serving(authority.server(NAME)) as server:
        site = make_site(session, address(server), token="f" * 32)
        site.token_set_at = site.created_at
        session.commit()

        checks = diagnose_site(sessions, settings, site.id, ask=True)
        check_site(session, settings, site)

    [told] = [check for check in checks if check.code == "DIAG-TLS"]
    [found] = describe_check(site)
    for words in (told.title, found.missing):
        assert words == "Le certificat du site vient d’une autorité que l’outil ne connaît pas."
    for words in (told.remedy, found.remedy):
        assert "ANCRAGE_CA_FILE" in words


def test_the_file_adds_to_the_public_authorities_and_replaces_none(authority: Authority) -> None:
    public = {certificate["serialNumber"] for certificate in tls_context(None).get_ca_certs()}
    both = {c["serialNumber"] for c in tls_context(authority.file).get_ca_certs()}

    assert len(public) > 50
    assert public < both
    assert len(both - public) == 1


def load(file: Path | str) -> Settings:
    return load_settings(
        environment="test",
        base_url="http://tool.localhost",
        secret_keys=(Fernet.generate_key().decode(),),
        ca_file=file,
        _env_file=None,
    )


def test_the_setting_reaches_the_road_out(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requesting, "_configured", [Policy()])

    configure_fetching(load(authority.file))

    assert requesting.configured_policy().ca_file == authority.file
    assert load("").ca_file is None


def test_a_file_that_cannot_be_used_refuses_to_start_in_one_line(
    tmp_path: Path, authority: Authority
) -> None:
    unreadable = {
        tmp_path / "absent.pem": "No such file",
        tmp_path: "Is a directory",
        tmp_path / "vide.pem": "no certificate",
        tmp_path / "binaire.der": "no certificate",
    }
    (tmp_path / "vide.pem").write_text("bonjour\n")
    (tmp_path / "binaire.der").write_bytes(bytes(range(256)))

    for file, words in unreadable.items():
        with pytest.raises(ConfigurationError, match=words) as refused:
            load(file)
        assert "ANCRAGE_CA_FILE" in str(refused.value)
        assert str(file) in str(refused.value)
        assert "\n" not in str(refused.value)
