"""Scopes and media types of the services. Moodle takes the exact ones, and refuses ``*/*``."""

from __future__ import annotations

from typing import Final

from lti_tool.lti.vocabulary import AGS_SCOPES

MEMBERS: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
LINE_ITEMS, LINE_ITEMS_READ, RESULTS, SCORES = AGS_SCOPES

ROSTER_SCOPES: Final = (MEMBERS,)
GRADEBOOK_SCOPES: Final = AGS_SCOPES

MEMBERSHIP_CONTAINER: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
LINE_ITEM: Final = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEM_CONTAINER: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULT_CONTAINER: Final = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE: Final = "application/vnd.ims.lis.v1.score+json"
