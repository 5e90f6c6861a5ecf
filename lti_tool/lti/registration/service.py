"""A registration from the administrator's frame: looked at first, then made.

``consider`` changes nothing; ``register`` claims the invitation before it speaks to Moodle, so that of
two posts one goes on, and gives it back when Moodle refuses. If the process dies between Moodle's
acceptance and our storage, Moodle has a tool that we do not know: the claim lapses after two minutes,
the administrator pastes the same link again and chooses « mettre à jour », and what Moodle holds is
read back. The network is never waited for inside a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import structlog
from sqlalchemy.orm import Session

from lti_tool.errors import Conflict
from lti_tool.lti.registration.configuration import PlatformConfiguration
from lti_tool.lti.registration.document import Accepted, registration_document
from lti_tool.lti.registration.errors import (
    AnotherSite,
    LinkBusy,
    LinkOver,
    PlatformRefused,
    RegistrationReason,
    RegistrationRefused,
    StartAgain,
)
from lti_tool.lti.registration.exchange import (
    fetch_configuration,
    is_update,
    post_registration,
    read_present,
)
from lti_tool.platforms.invitations import (
    Invitation,
    InvitationState,
    Registered,
    claim,
    find_invitation,
    release,
    store_registration,
)
from lti_tool.platforms.invitations.storing import find_registration, site_of
from lti_tool.platforms.models import RegistrationState

log = structlog.get_logger(__name__)

LONGEST_TOKEN = 4000
OVER = {
    InvitationState.USED: RegistrationReason.LINK_USED,
    InvitationState.EXPIRED: RegistrationReason.LINK_EXPIRED,
    InvitationState.REVOKED: RegistrationReason.LINK_REVOKED,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the administrator is asked to confirm."""

    platform: PlatformConfiguration
    update: bool
    approved: bool
    """Whether launches open as soon as Moodle activates the tool."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was stored."""

    platform: PlatformConfiguration
    update: bool
    state: RegistrationState


def open_invitation(session: Session, token: str) -> Invitation:
    """Return the invitation of a link that serves; ends the transaction.

    Raises:
        LinkOver, LinkBusy: it does not.
    """
    invitation = find_invitation(session, token)
    session.commit()
    if invitation is None:
        raise LinkOver(RegistrationReason.LINK_UNKNOWN)
    if invitation.state in OVER:
        raise LinkOver(OVER[invitation.state], f"invitation {invitation.id}")
    if invitation.state is InvitationState.BUSY:
        raise LinkBusy(RegistrationReason.LINK_BUSY, f"invitation {invitation.id}")
    return invitation


def consider(session: Session, link: str, configuration_url: str, token: str) -> Proposal:
    """Look at a registration without making it.

    Args:
        link: the token of our invitation.
        configuration_url: ``openid_configuration``.
        token: ``registration_token``, opaque.

    Raises:
        RegistrationRefused: with the reason.
    """
    invitation = open_invitation(session, link)
    platform = fetch_configuration(configuration_url)
    update = is_update(token)
    _check_takeover(session, invitation, platform, update)
    site = site_of(session, platform.issuer)
    session.commit()
    return Proposal(platform, update, approved=site is not None)


def register(
    session: Session, link: str, configuration_url: str, token: str, *, base_url: str
) -> Outcome:
    """Register the tool on the platform and store what it answers.

    Raises:
        RegistrationRefused: with the reason; the link serves again.
    """
    invitation = open_invitation(session, link)
    if not token or len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable():
        raise StartAgain(RegistrationReason.TOKEN, "form")
    platform = fetch_configuration(configuration_url)
    update = is_update(token)
    _check_takeover(session, invitation, platform, update)
    if not claim(session, invitation.id):
        raise LinkBusy(RegistrationReason.LINK_BUSY, f"invitation {invitation.id}")
    try:
        present = read_present(platform, token) if update else None
        if present is not None:
            _check_client(session, invitation, platform, present)
        accepted = post_registration(platform, token, registration_document(base_url))
        if present is not None and accepted.client_id != present.client_id:
            raise PlatformRefused(RegistrationReason.ANSWER, "another client than the one updated")
        registration = store_registration(
            session, invitation.id, invitation.site_id, _registered(platform, accepted)
        )
    except RegistrationRefused as refused:
        _give_back(session, invitation, refused)
    except Conflict:
        release(session, invitation.id)
        open_invitation(session, link)  # says so when it was withdrawn or spent meanwhile
        raise AnotherSite(RegistrationReason.ISSUER_KNOWN, "meanwhile") from None
    log.info(
        "registration.stored",
        invitation_id=invitation.id,
        registration_id=registration.id,
        state=str(registration.state),
        update=update,
    )
    return Outcome(platform, update, registration.state)


def _give_back(session: Session, invitation: Invitation, refused: RegistrationRefused) -> NoReturn:
    release(session, invitation.id)
    raise refused from None


def _check_takeover(
    session: Session, invitation: Invitation, platform: PlatformConfiguration, update: bool
) -> None:
    """Refuse a platform that this invitation does not speak for."""
    site = site_of(session, platform.issuer)
    site_id = site.id if site is not None else None
    session.commit()
    if invitation.site_id is not None and invitation.site_id != site_id:
        raise AnotherSite(RegistrationReason.OTHER_SITE, f"invitation {invitation.id}")
    if invitation.site_id is None and site_id is not None and not update:
        raise AnotherSite(RegistrationReason.ISSUER_KNOWN, f"site {site_id}")


def _check_client(
    session: Session, invitation: Invitation, platform: PlatformConfiguration, present: Accepted
) -> None:
    """On a known platform, an open invitation may only change a client registered already."""
    site = site_of(session, platform.issuer)
    known = find_registration(session, platform.issuer, present.client_id) is not None
    session.commit()
    if site is not None and invitation.site_id is None and not known:
        raise AnotherSite(RegistrationReason.CLIENT_UNKNOWN, f"site {site.id}")


def _registered(platform: PlatformConfiguration, accepted: Accepted) -> Registered:
    return Registered(
        issuer=platform.issuer,
        client_id=accepted.client_id,
        deployment_id=accepted.deployment_id,
        auth_login_url=platform.authorization_endpoint,
        token_url=platform.token_endpoint,
        jwks_url=platform.jwks_uri,
    )
