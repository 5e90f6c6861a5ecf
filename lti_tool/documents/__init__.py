"""Documents: turns plain content into PDF files, with fonts and ornament of our own.

Owns rendering (closed resource policy), embedded fonts, QR codes, the issuer's identity block and
the certificate's page. Knows nothing of rules, awards or people: callers hand over what is to be
printed. See ``spec/credentials.md`` §2.
"""

from lti_tool.documents.certificate import (
    CertificateContent,
    SignatureBlock,
    render_certificate,
)
from lti_tool.documents.errors import (
    InvalidDocumentContent,
    IssuerIdentityError,
    MissingGlyph,
    RenderFailed,
    TextTooLong,
)
from lti_tool.documents.fonts import missing_glyphs
from lti_tool.documents.issuer import Issuer, is_valid_french_vat, is_valid_siret
from lti_tool.documents.pdf import render_pdf

__all__ = [
    "CertificateContent",
    "InvalidDocumentContent",
    "Issuer",
    "IssuerIdentityError",
    "MissingGlyph",
    "RenderFailed",
    "SignatureBlock",
    "TextTooLong",
    "is_valid_french_vat",
    "is_valid_siret",
    "missing_glyphs",
    "render_certificate",
    "render_pdf",
]
