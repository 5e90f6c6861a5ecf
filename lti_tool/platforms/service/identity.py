"""Whether the Moodle that answers is the site, before anything that it says is written.

A name that leads elsewhere, a copy put in the site's place: the token may well be good there, and the
numbers of people would be other people's. Asked once in a while, and again after any trouble.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.platforms.models import Site
from moodle_client import FindingCode, MoodleClient

IDENTIFIED_FOR = timedelta(minutes=10)


def identify(sessions: sessionmaker[Session], client: MoodleClient, site_id: int) -> None:
    """Make sure that the site itself answers; asks nothing if it did a few minutes ago.

    Besides its own address, a site may give itself the one that the last check of its access found:
    a person saw it then.

    Raises:
        OtherSite: another Moodle answers.
        MoodleError: as any call.
    """
    with sessions() as session:
        site = session.get_one(Site, site_id)
        seen = [
            finding.get("address")
            for finding in site.check_findings or ()
            if finding.get("code") == FindingCode.OTHER_ADDRESS
        ]
        known = site.identified_at
    if known is not None and clock.now() - known < IDENTIFIED_FOR:
        return
    client.require_site([site.base_url, *(address for address in seen if address)])
    _note(sessions, site_id, identified=True)


def forget_identity(sessions: sessionmaker[Session], site_id: int) -> None:
    """Have the site identified again before the next reading: this one failed."""
    _note(sessions, site_id, identified=False)


def _note(sessions: sessionmaker[Session], site_id: int, *, identified: bool) -> None:
    with sessions.begin() as session:
        session.execute(
            update(Site)
            .where(Site.id == site_id)
            .values(identified_at=clock.now() if identified else None)
            .execution_options(synchronize_session=False)
        )
