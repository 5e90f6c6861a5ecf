"""Registering Moodle sites by hand, and their token."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.platforms.errors import (
    AddressPrivate,
    AddressRefused,
    FieldMissing,
    SiteAlreadyKnown,
    TokenRefused,
)
from lti_tool.platforms.fetching import FetchRefused, check_address
from lti_tool.platforms.models import Deployment, Registration, Site
from lti_tool.platforms.service.listing import find_site
from lti_tool.platforms.service.origins import forget_origins

AUTH_PATH, TOKEN_PATH, JWKS_PATH = (
    "/mod/lti/auth.php",
    "/mod/lti/token.php",
    "/mod/lti/certs.php",
)
"""Where every Moodle answers; the same since 3.7."""
TOKEN = re.compile(r"[0-9A-Za-z]{8,128}")
HOST = re.compile(r"([0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?")
"""The origin goes into the policy of frames, where other signs would say more than an origin."""
LONGEST = 200
LONGEST_ADDRESS = 300


def register_site(
    session: Session,
    *,
    actor_id: int | None,
    name: str,
    base_url: str,
    client_id: str,
    deployment_id: str,
    issuer: str | None = None,
    https_only: bool = False,
) -> Site:
    """Register a Moodle site with its first registration and deployment.

    Args:
        actor_id: coordinator, None from the command line.
        base_url: Moodle's wwwroot; its LTI addresses follow from it.
        client_id: « ID client » that Moodle shows for the tool.
        deployment_id: « ID du déploiement » shown beside it.
        issuer: ``iss``; Moodle's is its wwwroot, hence the default.
        https_only: refuse plain http, and addresses inside our network (production).

    Raises:
        AddressRefused: not the address of a site, or a private one that no setting opens.
        FieldMissing: an empty or too long text; its ``values["field"]`` names it.
        SiteAlreadyKnown: this address, or this issuer with this client, is registered.
    """
    base_url = checked_address(base_url, https_only=https_only)
    if https_only:
        _refuse_private(base_url)
    site = Site(
        name=_text("name", name),
        base_url=base_url,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(site)
            session.flush()
            _register(session, site, client_id, deployment_id, issuer)
    except IntegrityError:
        raise SiteAlreadyKnown(site.base_url) from None
    journal.record(
        session,
        actor_id=actor_id,
        action="site.registered",
        subject="site",
        subject_id=site.id,
        base_url=site.base_url,
        client_id=client_id.strip(),
    )
    session.commit()
    forget_origins()
    return site


def add_registration(
    session: Session, *, actor_id: int | None, site_id: int, client_id: str, deployment_id: str
) -> Registration:
    """Add another registration of the tool on a site, as after it was made anew in Moodle.

    Raises:
        NotFound: no such site.
        FieldMissing, SiteAlreadyKnown: as for ``register_site``.
    """
    site = find_site(session, site_id)
    try:
        with session.begin_nested():
            registration = _register(session, site, client_id, deployment_id, None)
    except IntegrityError:
        raise SiteAlreadyKnown(client_id) from None
    journal.record(
        session,
        actor_id=actor_id,
        action="registration.added",
        subject="registration",
        subject_id=registration.id,
        client_id=registration.client_id,
    )
    session.commit()
    forget_origins()
    return registration


def set_token(session: Session, *, actor_id: int | None, site_id: int, token: str) -> Site:
    """Store the token of the service account, encrypted; it is never shown again.

    What the last check said was about the former token and is forgotten.

    Raises:
        NotFound: no such site.
        TokenRefused: this cannot be a Moodle token; the former one stays.
    """
    site = find_site(session, site_id)
    token = token.strip()
    if not TOKEN.fullmatch(token):
        raise TokenRefused
    site.token = token
    site.token_set_at = clock.now()
    site.token_used_at = None
    site.checked_at = None
    site.check_findings = None
    journal.record(
        session, actor_id=actor_id, action="site.token_set", subject="site", subject_id=site.id
    )
    session.commit()
    return site


def checked_address(address: str, *, https_only: bool) -> str:
    """Return the address of a site as Moodle writes its wwwroot: no final slash.

    Raises:
        AddressRefused: another scheme, no host, a user name, a query, a page.
    """
    address = address.strip().rstrip("/")
    schemes = ("https",) if https_only else ("http", "https")
    try:
        parts = urlsplit(address)
        sound = parts.scheme in schemes and bool(HOST.fullmatch(parts.netloc)) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or parts.path.endswith(".php"):
        raise AddressRefused
    if len(address) > LONGEST_ADDRESS or any(sign.isspace() for sign in address):
        raise AddressRefused
    return address


def _refuse_private(address: str) -> None:
    try:
        check_address(address)
    except FetchRefused as refused:
        raise AddressPrivate(refused.reason) from None


def _register(
    session: Session, site: Site, client_id: str, deployment_id: str, issuer: str | None
) -> Registration:
    registration = Registration(
        site_id=site.id,
        issuer=(issuer or "").strip() or site.base_url,
        client_id=_text("client_id", client_id),
        auth_login_url=site.base_url + AUTH_PATH,
        token_url=site.base_url + TOKEN_PATH,
        jwks_url=site.base_url + JWKS_PATH,
        created_at=clock.now(),
    )
    registration.deployments.append(
        Deployment(deployment_id=_text("deployment_id", deployment_id), created_at=clock.now())
    )
    session.add(registration)
    session.flush()
    return registration


def _text(field: str, value: str) -> str:
    value = value.strip()
    if not value or len(value) > LONGEST:
        raise FieldMissing(field, field=field)
    return value
