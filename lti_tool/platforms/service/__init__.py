"""Use cases of the platforms room, by noun: sites, access to their web services, courses, origins.

Each function is one transaction and commits. None of them holds a transaction open while Moodle
is being asked: SQLite has one write lock for everybody.
"""

from lti_tool.platforms.service.access import (
    check_site,
    client_for,
    client_with,
    describe_check,
    note_token_use,
)
from lti_tool.platforms.service.courses import (
    SYNC_COURSES,
    SyncResult,
    ask_for_every_list,
    ask_for_sync,
    latest_sync,
    sync_courses,
)
from lti_tool.platforms.service.listing import SiteState, SiteSummary, find_site, site_summaries
from lti_tool.platforms.service.origins import frame_ancestors
from lti_tool.platforms.service.registrations import (
    decide_deployment,
    decide_registration,
    decide_waiting_registration,
)
from lti_tool.platforms.service.sites import add_registration, register_site, set_token

__all__ = [
    "SYNC_COURSES",
    "SiteState",
    "SiteSummary",
    "SyncResult",
    "add_registration",
    "ask_for_every_list",
    "ask_for_sync",
    "check_site",
    "client_for",
    "client_with",
    "decide_deployment",
    "decide_registration",
    "decide_waiting_registration",
    "describe_check",
    "find_site",
    "frame_ancestors",
    "latest_sync",
    "note_token_use",
    "register_site",
    "set_token",
    "site_summaries",
    "sync_courses",
]
