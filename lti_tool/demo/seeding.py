"""Fills the demonstration's tool: site, mapping, partners, grades; its past is told in ``story``.

Everything goes through the services that people use, and Moodle is read over HTTP.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.certification.service.publishing import publish_base_rule
from lti_tool.demo.installation import DemoInstallation
from lti_tool.demo.moodle.seed.names import ASSOCIATIONS, COORDINATOR, REFERENTS
from lti_tool.demo.moodle.seed.standings import LEARNER_COUNT, learner_id
from lti_tool.demo.moodle.seed.world import COORDINATOR_ID, FIRST_REFERENT
from lti_tool.demo.moodle.site import DEFAULT_CLIENT_ID, DEFAULT_DEPLOYMENT_ID
from lti_tool.demo.story import tell_story
from lti_tool.demo.waiting import wait_for_answer
from lti_tool.grades.service import pull_course
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.grades.watching.service import watch_site
from lti_tool.partners.cohorts import tie_cohort
from lti_tool.partners.deciding import accept_proposals
from lti_tool.partners.models import AffiliationProposal, Partner
from lti_tool.partners.reading import sync_cohort_members
from lti_tool.partners.service import register_partner, sign_agreement
from lti_tool.people.accounts import find_or_create_account
from lti_tool.people.models import Account, Role
from lti_tool.people.service.grants import grant_role
from lti_tool.platforms.models import Course, Site
from lti_tool.platforms.service import (
    check_site,
    client_for,
    register_site,
    set_token,
    sync_courses,
)
from lti_tool.referential.models import CourseMapping
from lti_tool.referential.proposing import confirm_proposals, open_proposals
from lti_tool.referential.seeding import seed_referential
from lti_tool.referential.wording import confirmed_reason
from lti_tool.store.migrate import upgrade
from lti_tool.web.runtime import Runtime

MAPPED_SINCE = timedelta(days=470)
FILLING = timedelta(hours=1)
"""Longer than the slowest machine takes to fill the demonstration."""
LEFT_TO_MAP = ("RMP-ADL-13", "RMP-ADL-15")
"""Courses whose suggestion is left open, so that the grid has holes to fill."""
LEFT_TO_DECIDE = 8
"""Learners whose cohort proposes them and whom nobody accepted yet."""
RENEWED_DAYS_AGO = (105, 45, 345)
"""When the first associations signed again: in force, in force, soon over; the last has not."""


def seed_installation(parts: Runtime, demo: DemoInstallation) -> bool:
    """Migrate, and fill an empty installation once its Moodle answers; return whether it was empty."""
    upgrade(parts.engine)
    with parts.sessions() as session:
        seed_referential(session)
        publish_base_rule(session)
        if session.scalar(select(Site.id).limit(1)) is not None:
            return False
        wait_for_answer(demo.moodle_url)
        with clock.set_to(clock.now() - MAPPED_SINCE):
            site = _connect(session, parts, demo)
            # The worker runs already: it is to leave the site alone until the past is told.
            session.add(SiteWatch(site_id=site.id, next_at=clock.now() + MAPPED_SINCE + FILLING))
            _map_courses(session)
            _register_partners(session, parts, site)
        mapped = session.scalars(
            select(Course).where(Course.id.in_(select(CourseMapping.course_id)))
        )
        courses = list(mapped)
        session.commit()
        with client_for(site, parts.settings) as client:
            for course in courses:
                pull_course(parts.sessions, client, course.id)
        # From now on a grade that changes in this Moodle is noticed.
        watch_site(parts.sessions, parts.settings, site.id)
        session.expire_all()
        tell_story(session, site)
        _read_again(session, parts, site)
    return True


def _connect(session: Session, parts: Runtime, demo: DemoInstallation) -> Site:
    site = register_site(
        session,
        actor_id=None,
        name="Campus du plaidoyer (démonstration)",
        base_url=demo.moodle_url,
        client_id=DEFAULT_CLIENT_ID,
        deployment_id=DEFAULT_DEPLOYMENT_ID,
    )
    token = (demo.moodle_dir / Path("moodle-service-token.txt")).read_text(encoding="ascii").strip()
    set_token(session, actor_id=None, site_id=site.id, token=token)
    check_site(session, parts.settings, site)
    with client_for(site, parts.settings) as client:
        sync_courses(session, client, site)
    return site


def _map_courses(session: Session) -> None:
    keys = [
        proposal.key
        for proposal in open_proposals(session)
        if proposal.course.idnumber not in LEFT_TO_MAP
    ]
    confirm_proposals(session, actor_id=None, keys=keys, word=confirmed_reason)


def _register_partners(session: Session, parts: Runtime, site: Site) -> None:
    coordinator = _account(session, site, COORDINATOR_ID, COORDINATOR)
    grant_role(session, actor_id=None, person_id=coordinator.person_id, role=Role.COORDINATOR)
    for rank, (name, city, country) in enumerate(ASSOCIATIONS):
        partner = register_partner(
            session, actor_id=coordinator.person_id, name=name, city=city, country=country
        )
        _sign(session, coordinator, partner, clock.now().date() - timedelta(days=30 * rank))
        tie_cohort(
            session,
            actor_id=coordinator.person_id,
            site=site,
            cohort_id=rank + 1,
            name=name,
            partner=partner,
        )
        lead = _account(session, site, FIRST_REFERENT + rank, REFERENTS[rank])
        grant_role(
            session,
            actor_id=coordinator.person_id,
            person_id=lead.person_id,
            role=Role.PARTNER_LEAD,
            partner_id=partner.id,
        )
    with client_for(site, parts.settings) as client:
        sync_cohort_members(session, client, site)
    _accept_proposals(session, coordinator.person_id, site)


def _accept_proposals(session: Session, coordinator_id: int, site: Site) -> None:
    """Take in the members that the cohorts propose, but for the last arrived, left to decide."""
    last = [str(learner_id(LEARNER_COUNT - rank)) for rank in range(LEFT_TO_DECIDE)]
    left = session.scalars(
        select(Account.person_id).where(Account.site_id == site.id, Account.subject.in_(last))
    ).all()
    for partner in session.scalars(select(Partner).order_by(Partner.id)).all():
        waiting = select(AffiliationProposal.id).where(
            AffiliationProposal.partner_id == partner.id, AffiliationProposal.person_id.not_in(left)
        )
        ids = session.scalars(waiting).all()
        accept_proposals(session, actor_id=coordinator_id, partner=partner, ids=ids)


def _read_again(session: Session, parts: Runtime, site: Site) -> None:
    """Bring to this day what an installation in use has looked at lately."""
    check_site(session, parts.settings, site)
    with client_for(site, parts.settings) as client:
        sync_courses(session, client, site)
        sync_cohort_members(session, client, site)
    coordinator = _account(session, site, COORDINATOR_ID, COORDINATOR)
    partners = session.scalars(select(Partner).order_by(Partner.id))
    for partner, days in zip(partners, RENEWED_DAYS_AGO, strict=False):
        _sign(session, coordinator, partner, clock.now().date() - timedelta(days=days))


def _sign(session: Session, coordinator: Account, partner: Partner, day: date) -> None:
    sign_agreement(session, actor_id=coordinator.person_id, partner=partner, signed_on=day)


def _account(session: Session, site: Site, moodle_id: int, names: tuple[str, str]) -> Account:
    """Return the account of someone of the staff, named as the platform will name them."""
    return find_or_create_account(
        session,
        site_id=site.id,
        subject=str(moodle_id),
        full_name=" ".join(names),
        given_name=names[0],
    )
