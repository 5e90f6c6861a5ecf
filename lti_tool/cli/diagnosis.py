"""The checks of `ancrage doctor`, one function for each part of an installation."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.certification.models import PublishedRule
from lti_tool.cli.finding import Finding
from lti_tool.cli.site_diagnosis import look_at_sites
from lti_tool.cli.work_diagnosis import look_at_work
from lti_tool.documents import Issuer, IssuerIdentityError, missing_glyphs
from lti_tool.errors import LtiToolError
from lti_tool.paths import templates_dir, translations_dir
from lti_tool.people.models import Grant, Role
from lti_tool.platforms.keys import signing_key
from lti_tool.platforms.models import Site
from lti_tool.referential.models import Domain
from lti_tool.store.migrate import current_revision, head_revision
from lti_tool.web.runtime import Runtime

SAMPLE_NAME = "Ndèye Łódź العربية Кирилл Ελένη"


def diagnose(parts: Runtime, *, offline: bool = False) -> list[Finding]:
    """Return the findings of every check, in the order in which to mend them."""
    found = [*_settings(parts), *_database(parts)]
    if any(finding.level == "problem" for finding in found):
        return found
    keys = [*_keys(parts)]
    found += [*_content(parts), *keys, *look_at_work(parts), *_documents(parts)]
    if not offline and not any(finding.level == "problem" for finding in keys):
        found += look_at_sites(parts)
    return found


def _settings(parts: Runtime) -> Iterator[Finding]:
    settings = parts.settings
    yield Finding("ok", "settings", f"{settings.environment}, {settings.base_url}")
    if settings.environment == "production" and not settings.smtp_url:
        yield Finding("warning", "mail", "no mail server is set", "set ANCRAGE_SMTP_URL")
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=settings.data_dir)
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        yield Finding(
            "problem",
            "data folder",
            f"{settings.data_dir} cannot be written: {error.strerror}",
            "give the account that runs the tool the right to write there, or change ANCRAGE_DATA_DIR",
        )
    else:
        yield Finding("ok", "data folder", "can be written")


def _database(parts: Runtime) -> Iterator[Finding]:
    try:
        with parts.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        revision, head = current_revision(parts.engine), head_revision()
    except SQLAlchemyError as error:
        yield Finding(
            "problem",
            "database",
            f"does not answer ({type(error).__name__})",
            "check ANCRAGE_DATABASE_URL and that the server runs",
        )
        return
    if revision == head:
        yield Finding("ok", "database", f"{parts.engine.dialect.name}, revision {revision}")
    else:
        yield Finding(
            "problem",
            "database",
            f"is at revision {revision}, this release needs {head}",
            "run `ancrage migrate`",
        )


def _content(parts: Runtime) -> Iterator[Finding]:
    with parts.sessions() as session:
        domains = session.scalar(select(func.count()).select_from(Domain))
        ruled = session.scalar(select(func.count(PublishedRule.domain_id.distinct())))
        coordinators = session.scalar(
            select(func.count())
            .select_from(Grant)
            .where(Grant.role == Role.COORDINATOR, Grant.revoked_at.is_(None))
        )
    if domains == ruled == 15:
        yield Finding("ok", "referential", "15 domains, each with a published rule")
    else:
        yield Finding(
            "problem",
            "referential",
            f"{domains} domains, {ruled} with a rule",
            "run `ancrage migrate`",
        )
    if coordinators:
        yield Finding("ok", "coordinators", str(coordinators))
    else:
        yield Finding(
            "warning",
            "coordinators",
            "nobody is a coordinator yet",
            "run `ancrage grant coordinator` and follow what it says",
        )


def _keys(parts: Runtime) -> Iterator[Finding]:
    try:
        with parts.sessions() as session:
            kid = signing_key(session).kid
            session.commit()
            session.scalars(select(Site.token)).all()
    except LtiToolError as error:
        yield Finding(
            "problem",
            "keys",
            str(error),
            "put the former key back in ANCRAGE_SECRET_KEYS, after the new one",
        )
    else:
        yield Finding("ok", "keys", f"signing key {kid}; stored secrets open")


def _documents(parts: Runtime) -> Iterator[Finding]:
    settings = parts.settings
    yield Finding("ok", "templates", str(len(list(templates_dir().rglob("*.html")))) + " pages")
    if list(translations_dir().glob("en/LC_MESSAGES/*.mo")):
        yield Finding("ok", "languages", "French and English")
    else:
        yield Finding(
            "problem",
            "languages",
            "the English catalogue is not compiled",
            "reinstall the package, or run `make translations` in a checkout",
        )
    missing = missing_glyphs(SAMPLE_NAME)
    if missing:
        yield Finding(
            "problem",
            "fonts",
            f"{len(missing)} characters of a sample cannot be printed",
            "reinstall the package",
        )
    else:
        yield Finding("ok", "fonts", "Latin, Arabic, Cyrillic and Greek")
    try:
        Issuer(
            name=settings.issuer_name, siret=settings.issuer_siret, vat_number=settings.issuer_vat
        )
    except IssuerIdentityError as error:
        yield Finding("problem", "issuer", str(error), "correct ANCRAGE_ISSUER_* in the settings")
    else:
        yield Finding("ok", "issuer", settings.issuer_name)
