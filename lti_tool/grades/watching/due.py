"""Whose turn it is to be watched."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.jobs import Job, Priority, enqueue
from lti_tool.platforms.models import Course, Site
from lti_tool.referential.models import CourseMapping

WATCH_SITE = "grades.watch_site"


def watched_sites(session: Session) -> list[int]:
    """Return the sites that have a token and a course that counts."""
    counted = (
        select(Course.site_id)
        .join(CourseMapping, CourseMapping.course_id == Course.id)
        .where(CourseMapping.valid_to.is_(None), Course.gone_at.is_(None))
    )
    return list(
        session.scalars(
            select(Site.id).where(Site.token.is_not(None), Site.id.in_(counted)).order_by(Site.id)
        )
    )


def ask_for_due_watches(session: Session) -> int:
    """Queue the watches whose moment has come; return how many sites. The caller commits."""
    moment = clock.now()
    waiting = set(session.scalars(select(SiteWatch.site_id).where(SiteWatch.next_at > moment)))
    due = [site_id for site_id in watched_sites(session) if site_id not in waiting]
    for site_id in due:
        ask_for_watch(session, site_id)
    return len(due)


def ask_for_watch(session: Session, site_id: int, asked_by: int | None = None) -> Job:
    """Queue the watch of a site, one at a time. The caller commits."""
    return enqueue(
        session,
        WATCH_SITE,
        {"site_id": site_id},
        key=f"{WATCH_SITE}:{site_id}",
        asked_by=asked_by,
        priority=Priority.NORMAL if asked_by is None else Priority.ASKED,
    )
