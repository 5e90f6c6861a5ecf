"""The stored PDF of a certificate: rendered once, hashed, the same for ever after."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from lti_tool.credentials.content import certificate_content
from lti_tool.credentials.errors import StoredFileDamaged
from lti_tool.credentials.models import Certificate
from lti_tool.settings import Settings

FOLDER = "certificates"


def certificate_pdf(session: Session, certificate_id: int, settings: Settings) -> bytes:
    """Return the stored PDF; when it is not there yet, render it, store it and commit.

    Two at once render the same page; the first to store it wins, and its file is the one served
    ever after. What is served always has the recorded hash.

    Raises:
        InvalidDocumentContent: the name cannot be printed, or does not fit.
        StoredFileDamaged: the stored file was lost or changed.
    """
    certificate = session.get_one(Certificate, certificate_id)
    if certificate.file is None:
        _render(session, certificate, settings)
    try:
        pdf = (settings.data_dir / str(certificate.file)).read_bytes()
    except OSError as error:
        raise StoredFileDamaged(f"certificate {certificate_id}") from error
    if _sha256(pdf) != certificate.sha256:
        raise StoredFileDamaged(f"certificate {certificate_id}")
    return pdf


def _render(session: Session, certificate: Certificate, settings: Settings) -> None:
    from lti_tool.documents import render_certificate  # heavy: only where a page is drawn

    content = certificate_content(session, certificate, settings)
    # The transaction ends here: nobody waits for the database while a page is drawn.
    session.commit()
    pdf = render_certificate(content)
    digest = _sha256(pdf)
    # Each rendering has a file of its own, so that the one who comes second removes only theirs.
    name = _write(settings.data_dir, digest, pdf)
    stored = session.execute(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.file.is_(None))
        .values(file=name, sha256=digest),
        execution_options={"synchronize_session": False},
    )
    session.commit()
    if not isinstance(stored, CursorResult) or stored.rowcount != 1:
        (settings.data_dir / name).unlink()
    session.refresh(certificate)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(data_dir: Path, digest: str, content: bytes) -> str:
    """Write a new file whole or not at all; return its path below the data folder."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f"{digest[:32]}-", dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path = Path(temporary)
    return f"{FOLDER}/{path.replace(path.with_suffix('.pdf')).name}"
