"""Why a certificate was not accepted, as far as the TLS library says."""

from __future__ import annotations

import ssl
from enum import StrEnum


class CertificateFault(StrEnum):
    """What is wrong with a certificate."""

    SELF_SIGNED = "self_signed"
    """It vouches for itself and nobody told us to trust it."""
    AUTHORITY = "authority"
    """Signed by an authority that is not known here, or sent without what links it to a known one."""
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    """Its time has not begun: it, or the clock of this machine, is wrong."""
    NAME = "name"
    """Made for another name."""
    OTHER = "other"


# Numbers of OpenSSL (x509_vfy.h), which does not change them.
_BY_CODE = {
    2: CertificateFault.AUTHORITY,
    9: CertificateFault.NOT_YET,
    10: CertificateFault.EXPIRED,
    18: CertificateFault.SELF_SIGNED,
    19: CertificateFault.AUTHORITY,
    20: CertificateFault.AUTHORITY,
    21: CertificateFault.AUTHORITY,
    62: CertificateFault.NAME,
    64: CertificateFault.NAME,
}


def certificate_fault(error: BaseException) -> CertificateFault | None:
    """Return what was wrong with a certificate; None when no certificate was judged.

    Args:
        error: of ``ssl``, or one of urllib3 or requests around it.
    """
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        found = waiting.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        if isinstance(found, ssl.SSLCertVerificationError):
            return _BY_CODE.get(found.verify_code, CertificateFault.OTHER)
        around = (getattr(found, "reason", None), found.__cause__, found.__context__, *found.args)
        waiting += [inner for inner in around if isinstance(inner, BaseException)]
    return None
