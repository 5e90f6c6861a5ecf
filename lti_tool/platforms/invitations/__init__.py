"""One-time links by which a Moodle registers the tool itself (dynamic registration).

Owns ``registration_invitation``: made and withdrawn by coordinators, claimed by one registration at
a time, spent by the one that was stored. What Moodle and the tool then say is ``lti.registration``.
"""

from lti_tool.platforms.invitations.claiming import (
    Invitation,
    InvitationState,
    claim,
    find_invitation,
    release,
)
from lti_tool.platforms.invitations.making import (
    LIFETIME,
    InvitationLine,
    invitation_lines,
    make_invitation,
    revoke_invitation,
)
from lti_tool.platforms.invitations.storing import (
    Registered,
    store_registration,
    waiting_registrations,
)

__all__ = [
    "LIFETIME",
    "Invitation",
    "InvitationLine",
    "InvitationState",
    "Registered",
    "claim",
    "find_invitation",
    "invitation_lines",
    "make_invitation",
    "release",
    "revoke_invitation",
    "store_registration",
    "waiting_registrations",
]
