"""The PDF of a certificate is drawn once and kept; what is handed out has the recorded hash."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pypdf
import pytest
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import documents
from lti_tool.credentials import service
from lti_tool.credentials.content import certificate_content
from lti_tool.credentials.errors import StoredFileDamaged
from lti_tool.credentials.models import Certificate
from lti_tool.credentials.service import certificate_pdf, files
from lti_tool.documents import MissingGlyph
from lti_tool.jobs.models import Job, JobState
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.referential.seeding import seed_referential
from lti_tool.settings import Settings
from tests.factories import make_domain, make_person
from tests.integration.issued import HIDDEN_MARK, certify

UNDRAWABLE = "ᚠᚢᚦ Fictive"


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """A certificate that nobody has drawn yet."""
    seed_referential(session)
    approver = make_person(session, "Formatrice Fictive")
    return certify(session, make_person(session, "Aïssatou Fictive"), decided_by=approver)


def stored(settings: Settings) -> list[Path]:
    """The files in the folder of certificates."""
    return sorted((settings.data_dir / files.FOLDER).iterdir())


def test_drawing_twice_gives_the_same_file(
    session: Session, certificate: Certificate, settings: Settings
) -> None:
    first = certificate_pdf(session, certificate.id, settings)
    assert hashlib.sha256(first).hexdigest() == certificate.sha256
    assert certificate_pdf(session, certificate.id, settings) == first
    assert [path.read_bytes() for path in stored(settings)] == [first]


def test_drawing_at_once_keeps_one_file(
    sessions: sessionmaker[Session],
    certificate: Certificate,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together, draw = Barrier(3), documents.render_certificate

    def draw_together(content: object) -> bytes:
        together.wait(timeout=30)
        # Different bytes each time, as a renderer that writes the moment would give.
        return draw(content) + f"% {together.n_waiting} {id(content)}\n".encode()  # type: ignore[arg-type]  # its own kind

    monkeypatch.setattr(documents, "render_certificate", draw_together)

    def fetch(_number: int) -> bytes:
        with sessions() as own:
            return certificate_pdf(own, certificate.id, settings)

    with ThreadPoolExecutor(3) as threads:
        results = list(threads.map(fetch, range(3)))
    assert len(set(results)) == 1
    assert [path.read_bytes() for path in stored(settings)] == results[:1]


def test_nobody_waits_for_the_database_while_a_page_is_drawn(
    session: Session,
    sessions: sessionmaker[Session],
    certificate: Certificate,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def draw(_content: object) -> bytes:
        with sessions() as other:
            other.get_one(Certificate, certificate.id).name_shown = "first_name"
            other.commit()
        return b"%PDF-"

    monkeypatch.setattr(documents, "render_certificate", draw)
    certificate_pdf(session, certificate.id, settings)
    assert certificate.name_shown == "first_name"


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_a_file_that_was_lost_or_changed_is_not_handed_out(
    session: Session, certificate: Certificate, settings: Settings, damage: str
) -> None:
    certificate_pdf(session, certificate.id, settings)
    (path,) = stored(settings)
    if damage == "lost":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(StoredFileDamaged):
        certificate_pdf(session, certificate.id, settings)


def test_n10_neither_the_file_s_name_nor_its_metadata_name_the_holder(
    session: Session, certificate: Certificate, settings: Settings
) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(certificate_pdf(session, certificate.id, settings)))
    said = f"{stored(settings)} {pdf.metadata} {pdf.xmp_metadata and pdf.xmp_metadata.rdf_root.toxml()}"
    assert "Aïssatou" not in said
    assert "Fictive" not in said
    assert certificate.number in said
    assert "Aïssatou Fictive" in pdf.pages[0].extract_text()


def test_the_page_says_who_decided_and_which_body_issues_it_and_no_mark(
    session: Session, certificate: Certificate, settings: Settings
) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(certificate_pdf(session, certificate.id, settings)))
    words = " ".join(pdf.pages[0].extract_text().split())
    for said in (
        certificate.number,
        "Formatrice Fictive",
        "L’Atelier Des Luttes",
        "Société d’expertise plaidoyer & d’accompagnement activiste",
        "une action de plaidoyer menée au réel",
        "n’est pas enregistrée au RNCP ni au Répertoire spécifique",
    ):
        assert said in words
    assert str(HIDDEN_MARK) not in words


def test_the_labels_are_in_the_language_of_the_document(
    session: Session, certificate: Certificate, settings: Settings
) -> None:
    domain = make_domain(session, 4)
    french = certificate_content(session, certificate, settings)
    english = certificate_content(session, certificate, settings, "en")
    assert (french.locale, french.domain_label) == ("fr", domain.label_fr)
    assert (english.locale, english.domain_label) == ("en", domain.label_en)
    assert french.route_label == "Par la voie de la formation"
    assert french.verification_url == f"{settings.base_url}/verifier/{certificate.code}"


def test_the_job_draws_it_and_finds_it_drawn_the_second_time(
    session: Session, sessions: sessionmaker[Session], certificate: Certificate, settings: Settings
) -> None:
    assert run_due_jobs(sessions, settings) == 1
    session.refresh(certificate)
    first = certificate.sha256
    (job,) = session.query(Job)
    assert job.state == JobState.DONE
    session.commit()
    with sessions() as own:
        pdf = certificate_pdf(own, certificate.id, settings)
    assert hashlib.sha256(pdf).hexdigest() == first


def test_a_name_that_no_font_draws_fails_the_job_with_a_code_and_without_the_name(
    session: Session, sessions: sessionmaker[Session], settings: Settings
) -> None:
    seed_referential(session)
    certificate = certify(session, make_person(session, UNDRAWABLE))
    run_due_jobs(sessions, settings)
    (job,) = session.query(Job)
    session.refresh(job)
    assert (job.state, job.error_code) == (JobState.FAILED, "DOC-GLYPH")
    assert "16A0" not in (job.error_detail or "")
    with pytest.raises(MissingGlyph):
        certificate_pdf(session, certificate.id, settings)
    assert service.certificate_of(session, certificate.award) is certificate
