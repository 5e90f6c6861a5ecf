"""Use cases of the people room, by noun: grants, claim links, consents, directory, own data.

Each function is one transaction and commits; what decides a right writes the journal in it.
"""

from lti_tool.people.service.claims import (
    OpenClaim,
    claim,
    create_claim_link,
    open_claims,
    withdraw_claim_link,
)
from lti_tool.people.service.consents import (
    NOTICE_VERSION,
    Choice,
    choices,
    consent_given,
    has_answered_notice,
    record_choices,
)
from lti_tool.people.service.directory import FoundPerson, find_person, search_people, set_locale
from lti_tool.people.service.grants import (
    Association,
    CurrentGrant,
    associations,
    current_grants,
    grant_role,
    revoke_grant,
)
from lti_tool.people.service.leaving import leave, leaving_ticket, return_address
from lti_tool.people.service.own_data import collect_own_data, own_data_section

__all__ = [
    "NOTICE_VERSION",
    "Association",
    "Choice",
    "CurrentGrant",
    "FoundPerson",
    "OpenClaim",
    "associations",
    "choices",
    "claim",
    "collect_own_data",
    "consent_given",
    "create_claim_link",
    "current_grants",
    "find_person",
    "grant_role",
    "has_answered_notice",
    "leave",
    "leaving_ticket",
    "open_claims",
    "own_data_section",
    "record_choices",
    "return_address",
    "revoke_grant",
    "search_people",
    "set_locale",
    "withdraw_claim_link",
]
