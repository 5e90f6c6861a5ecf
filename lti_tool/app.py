"""The only place where the rooms are wired together, for the web application and the workers."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from importlib import import_module

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool.anchoring.service.cases import open_case, stop_case
from lti_tool.anchoring.service.merging import move_cases
from lti_tool.certification.service.awards import when_issued
from lti_tool.certification.service.certificates import find_certificates_with
from lti_tool.certification.service.drift_reviews import when_revoked
from lti_tool.certification.service.merging import move_certification
from lti_tool.certification.service.outcomes import outcomes_of_course, publish_award
from lti_tool.credentials.service import certificates_of, open_certificate
from lti_tool.grades.forgetting import let_go_of_jobs
from lti_tool.grades.watching.checks import report_checks
from lti_tool.grades.weights import weigh
from lti_tool.jobs.about import describe_with
from lti_tool.jobs.engine import Bell
from lti_tool.jobs.history import before_forgetting
from lti_tool.jobs.service import ring_after_commit
from lti_tool.lti.gradebook.outcomes import take_outcomes_from
from lti_tool.lti.gradebook.weights import take_weights_from
from lti_tool.lti.site_checks import door_checks
from lti_tool.partners.merging import move_affiliations
from lti_tool.paths import static_dir, templates_dir
from lti_tool.people.service.merging import when_merged
from lti_tool.people.sessions import load_viewer
from lti_tool.platforms.diagnosis import probe_with
from lti_tool.platforms.fetching import configure_fetching
from lti_tool.platforms.service import frame_ancestors
from lti_tool.reports.background import about_jobs
from lti_tool.settings import Settings
from lti_tool.store import configure_keyring, create_database_engine, create_session_factory
from lti_tool.web import (
    access,
    addresses,
    database,
    failures,
    headers,
    home,
    i18n,
    limits,
    logs,
    page_memory,
    presentation,
)
from lti_tool.web.runtime import Runtime

GROUND = (
    addresses,
    database,
    page_memory,
    access,
    i18n,
    limits,
    presentation,
    headers,
    failures,
)
VIEWS = (
    "jobs",
    "platforms",
    "platforms.invitations",
    "people",
    "partners",
    "referential",
    "lti",
    "lti.registration",
    "lti.roster",
    "lti.deep_linking",
    "lti.gradebook",
    "grades",
    "grades.watching",
    "certification",
    "credentials",
    "anchoring",
    "reports",
)
TASKS = (
    "jobs",
    "platforms",
    "partners",
    "lti.roster",
    "lti.gradebook",
    "grades",
    "grades.watching",
    "certification",
    "credentials",
)
CSRF_EXEMPT = (
    "lti.login",
    "lti.launch",
    "people.leave",
    "people.open_new_tab",
    "registration.register",
)
"""Posts from a platform, protected by state and nonce; from the frame into a new tab or out of the tool,
protected by a ticket; and of a registration, which uses no cookie at all and carries the invitation itself: none of
them can carry the token that Flask-WTF keeps in the session's cookie."""


def create_runtime(settings: Settings) -> Runtime:
    """Open what a process needs: keyring, log, database, and the tasks of every room."""
    logs.configure_logs(settings)
    configure_keyring([key.get_secret_value() for key in settings.secret_keys])
    configure_fetching(settings)
    engine = create_database_engine(settings.sqlalchemy_url)
    for room in TASKS:
        import_module(f"lti_tool.{room}.tasks")
    when_issued(open_certificate)
    when_issued(open_case)
    when_issued(publish_award)
    when_revoked(stop_case)
    take_outcomes_from(outcomes_of_course)
    take_weights_from(weigh)
    find_certificates_with(certificates_of)
    describe_with(about_jobs)
    before_forgetting(let_go_of_jobs)
    probe_with(door_checks, report_checks)
    for move in (move_affiliations, move_certification, move_cases):
        when_merged(move)
    return Runtime(
        settings=settings,
        engine=engine,
        sessions=create_session_factory(engine),
        load_viewer=load_viewer,
        frame_ancestors=frame_ancestors,
    )


def create_bell(parts: Runtime) -> Bell:
    """Return the bell of the background work, rung after each commit that asks for a job."""
    bell = Bell(parts.settings.engine_url)
    ring_after_commit(parts.sessions, bell.ring)
    return bell


def create_app(settings: Settings, parts: Runtime | None = None) -> Flask:
    """Return the web application.

    Args:
        settings: checked settings.
        parts: a runtime made beforehand (the tests share one); None: a new one with its bell.
    """
    if parts is None:
        parts = create_runtime(settings)
        create_bell(parts)
    app = Flask("lti_tool", static_folder=str(static_dir()), template_folder=str(templates_dir()))
    app.extensions["ancrage"] = parts
    _configure(app, settings)
    for ground in GROUND:
        ground.register(app)
    csrf = CSRFProtect(app)
    app.register_blueprint(home.home)
    for room in VIEWS:
        app.register_blueprint(import_module(f"lti_tool.{room}.views").blueprint)
    for endpoint in CSRF_EXEMPT:
        csrf.exempt(app.view_functions[endpoint])
    app.context_processor(home.context)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    keys = [_signing_key(key.get_secret_value()) for key in settings.secret_keys]
    cross_site = settings.cross_site_cookies
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=keys[1:],
        SESSION_COOKIE_NAME="ancrage_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=cross_site,
        SESSION_COOKIE_SAMESITE="None" if cross_site else "Lax",
        SESSION_COOKIE_PARTITIONED=cross_site,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        PREFERRED_URL_SCHEME=settings.base_url.partition(":")[0],
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _signing_key(fernet_key: str) -> str:
    """Derive the key that signs cookies, so that one secret has one use."""
    return hashlib.sha256(b"cookie:" + fernet_key.encode()).hexdigest()
