"""Use cases of the certificates, by noun: issuing, the stored file, verification, the holder."""

from lti_tool.credentials.content import verification_address
from lti_tool.credentials.service.files import certificate_pdf
from lti_tool.credentials.service.holders import (
    certificate_for,
    certificates_of,
    choose_name_shown,
    name_in_force,
)
from lti_tool.credentials.service.issuing import RENDER, certificate_of, open_certificate
from lti_tool.credentials.service.verification import PUBLIC_STATES, Verification, verify

__all__ = [
    "PUBLIC_STATES",
    "RENDER",
    "Verification",
    "certificate_for",
    "certificate_of",
    "certificate_pdf",
    "certificates_of",
    "choose_name_shown",
    "name_in_force",
    "open_certificate",
    "verification_address",
    "verify",
]
