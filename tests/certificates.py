"""Certificates for the servers of the tests, from a private authority or from nobody."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Authority:
    """A private certificate authority; ``file`` holds its certificate, in PEM form."""

    def __init__(self, folder: Path, name: str = "Autorite de test") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        public = self._key.public_key()
        own = x509.SubjectKeyIdentifier.from_public_key(public)
        certificate = (
            _begun(self._name, self._name, public, datetime.now(UTC) - 30 * DAY, 60 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(own, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self._known_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(certificate.public_bytes(Encoding.PEM))

    def server(
        self, name: str, *, since: timedelta = -DAY, lasts: timedelta = 2 * DAY
    ) -> ssl.SSLContext:
        """Return the context of a server whose certificate is for ``name`` (or an IP address).

        Args:
            since: when it begins, from now.
            lasts: for how long.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        begins = datetime.now(UTC) + since
        certificate = (
            _begun(_named(name), self._name, key.public_key(), begins, lasts)
            .add_extension(x509.SubjectAlternativeName([_general(name)]), critical=False)
            .add_extension(self._known_by, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return _context(self._folder / f"{name}.server.pem", certificate, key)


def self_signed(name: str, folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return the context of a server that vouches for itself, and the file of its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _begun(_named(name), _named(name), key.public_key(), datetime.now(UTC) - DAY, 2 * DAY)
        .add_extension(x509.SubjectAlternativeName([_general(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    return _context(folder / f"{name}.server.pem", certificate, key), file


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    begins: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
    )


def _context(
    file: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> ssl.SSLContext:
    file.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
