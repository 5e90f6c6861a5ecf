"""Certificates of invented people, and what the tests read back from a PDF file."""

from __future__ import annotations

import io
import unicodedata
from datetime import date
from typing import Any

import pypdf

from lti_tool.documents import CertificateContent, Issuer, SignatureBlock

DOMAINS = tuple(
    (f"RMP-ADL-{number}", label)
    for number, label in enumerate(
        (
            "Communication, libération de la parole et écoute active",
            "Gestion associative du plaidoyer et copilotage des politiques publiques",
            "Plaidoyers thématiques",
            "Recherche scientifique et création de données d’aide à la prise de décision",
            "Photographie et plaidoyer",
            "Écriture et plaidoyer",
            "Podcast et plaidoyer",
            "Vidéo et plaidoyer",
            "Musique et plaidoyer",
            "Théâtre et plaidoyer",
            "Recherche-création artistique",
            "Gestion organisationnelle, administrative et financière",
            "Gestion pédagogique du plaidoyer",
            "Rédaction de demandes de financements et reporting bailleurs",
            "Création d’activités génératrices de revenus",
        ),
        start=1,
    )
)
ISSUER = Issuer(
    name="L’Atelier Des Luttes",
    tagline="Société d’expertise plaidoyer & d’accompagnement activiste",
    address="12 rue des Exemples, 93100 Montreuil",
    siret="88970325200011",
    vat_number="FR53889703252",
    naf="7021Z",
)
VERIFICATION_URL = "https://ancrage.example/verifier/7Q2MK9XD4TRBW6HZP3VN8CFJAE"


def certificate(holder_name: str = "Aïssatou Traoré-Lefèvre", **changes: Any) -> CertificateContent:
    """A certificate for ``holder_name`` with ``changes``; ``domain`` picks one by its number."""
    code, label = DOMAINS[changes.pop("domain", 1) - 1]
    fields: dict[str, Any] = {
        "holder_name": holder_name,
        "domain_code": code,
        "domain_label": label,
        "domains": DOMAINS,
        "rule_label": "Règle de base",
        "rule_version": "1.2",
        "route_label": "Par la voie de la formation",
        "issued_on": date(2027, 3, 12),
        "place": "Montreuil",
        "number": "ADL-2027-000123",
        "verification_url": VERIFICATION_URL,
        "verification_code": "7Q2M-K9XD-4TRB-W6HZ-P3VN-8CFJ-AE",
        "issuer": ISSUER,
        "signatures": (
            SignatureBlock("Capucine Exemple", "Responsable pédagogique"),
            SignatureBlock("Baptiste Modèle", "Pour le jury de certification"),
        ),
        "evidence_label": "une action de plaidoyer menée au réel",
    }
    return CertificateContent(**{**fields, **changes})


def open_pdf(data: bytes) -> pypdf.PdfReader:
    """The file, ready to be read."""
    return pypdf.PdfReader(io.BytesIO(data))


def page_text(data: bytes) -> str:
    """The text of the first page, spaces evened out."""
    text = open_pdf(data).pages[0].extract_text()
    return " ".join(unicodedata.normalize("NFC", text).split())
