"""Why a platform's address was not fetched: it may not be, or it did not answer as it should."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import LtiToolError, PeerUnavailable
from moodle_client import CertificateFault


class FetchRefused(LtiToolError):
    """The address may not be asked; asking again changes nothing. ``reason`` says which rule."""

    code = "PLT-FETCH-ADDRESS"
    status = 422
    title = _("Adresse hors de portée")
    message = _(
        "L’adresse donnée par le site Moodle n’est pas une adresse publique, ou n’a pas la forme "
        "attendue : l’outil ne s’y est pas adressé et rien n’a été modifié. Si ce Moodle se trouve "
        "bien sur un réseau privé, la personne qui administre l’outil peut l’autoriser "
        "(réglage ANCRAGE_PRIVATE_PLATFORMS)."
    )

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        """``scheme``, ``form``, ``private`` or ``forbidden``."""


class FetchFailed(PeerUnavailable):
    """No whole answer came; it may come later. ``reason`` says what happened."""

    code = "PLT-FETCH"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        """``unresolved``, ``no-answer``, ``tls``, ``timeout``, ``too-slow`` or ``too-large``; after
        ``tls-``, what was wrong with the certificate."""

    @property
    def is_tls(self) -> bool:
        """Whether no encrypted connection was made."""
        return self.reason.partition("-")[0] == "tls"

    @property
    def fault(self) -> CertificateFault | None:
        """What was wrong with the certificate, if that was it."""
        fault = self.reason.partition("-")[2]
        return CertificateFault(fault) if self.is_tls and fault else None
