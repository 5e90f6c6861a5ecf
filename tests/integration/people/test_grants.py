"""Roles come from grants in our own base, given and withdrawn by a coordinator, each act journaled."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.errors import Conflict, NotFound
from lti_tool.people.errors import LastCoordinator, PartnerNeeded, ReasonNeeded
from lti_tool.people.models import CourseRole, Grant, Role
from lti_tool.people.service import current_grants, grant_role, revoke_grant
from lti_tool.people.sessions import create_session, load_viewer
from tests.factories import make_course, make_partner, make_person, make_site


def test_a_grant_says_who_gave_it_and_stands_in_the_journal(session: Session) -> None:
    coordinator, lead = make_person(session, "Zélie Fictive"), make_person(session)
    partner = make_partner(session)
    grant = grant_role(
        session,
        actor_id=coordinator.id,
        person_id=lead.id,
        role=Role.PARTNER_LEAD,
        partner_id=partner.id,
    )
    (listed,) = current_grants(session)
    assert (listed.person_name, listed.association, listed.given_by) == (
        "Awa Fictive",
        "Association Fictive",
        "Zélie Fictive",
    )
    (entry,) = journal.entries_about(session, "role_grant", grant.id)
    assert (entry.action, entry.actor_id) == ("grant.given", coordinator.id)
    assert entry.basis == {"person_id": lead.id, "role": "partner_lead", "partner_id": partner.id}


def test_giving_a_role_twice_gives_it_once(session: Session) -> None:
    person = make_person(session)
    first = grant_role(session, actor_id=None, person_id=person.id, role=Role.COORDINATOR)
    second = grant_role(session, actor_id=None, person_id=person.id, role=Role.COORDINATOR)
    assert first.id == second.id
    assert len(journal.entries_about(session, "role_grant", first.id)) == 1


def test_a_person_may_lead_two_associations(session: Session) -> None:
    person = make_person(session)
    for name in ("Première Fictive", "Seconde Fictive"):
        grant_role(
            session,
            actor_id=None,
            person_id=person.id,
            role=Role.PARTNER_LEAD,
            partner_id=make_partner(session, name).id,
        )
    assert [grant.association for grant in current_grants(session)] == [
        "Première Fictive",
        "Seconde Fictive",
    ]


def test_a_partner_lead_alone_has_an_association_and_it_exists(session: Session) -> None:
    person, partner = make_person(session), make_partner(session)
    for role, partner_id in (
        (Role.PARTNER_LEAD, None),
        (Role.PARTNER_LEAD, partner.id + 1),
        (Role.COORDINATOR, partner.id),
    ):
        with pytest.raises(PartnerNeeded):
            grant_role(
                session, actor_id=None, person_id=person.id, role=role, partner_id=partner_id
            )


def test_a_person_who_does_not_exist_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        grant_role(session, actor_id=None, person_id=404, role=Role.COORDINATOR)


def test_a_withdrawn_role_ends_at_once_and_keeps_its_reason(session: Session) -> None:
    coordinator, lead = make_person(session, "Zélie Fictive"), make_person(session)
    grant_role(session, actor_id=None, person_id=coordinator.id, role=Role.COORDINATOR)
    grant = grant_role(session, actor_id=None, person_id=lead.id, role=Role.AUDITOR)
    _, token = create_session(session, lead.id, {})
    session.commit()
    before = load_viewer(session, token)
    assert before is not None
    assert before.roles == {"auditor"}

    revoke_grant(session, actor_id=coordinator.id, grant_id=grant.id, reason="  Mission terminée ")

    after = load_viewer(session, token)
    assert after is not None
    assert after.roles == frozenset()
    last = journal.entries_about(session, "role_grant", grant.id)[-1]
    assert (last.action, last.actor_id) == ("grant.revoked", coordinator.id)
    assert last.basis["reason"] == "Mission terminée"


def test_a_withdrawn_role_can_be_given_again_as_another_grant(session: Session) -> None:
    person = make_person(session)
    grant_role(session, actor_id=None, person_id=make_person(session).id, role=Role.COORDINATOR)
    first = grant_role(session, actor_id=None, person_id=person.id, role=Role.RESEARCHER)
    revoke_grant(session, actor_id=None, grant_id=first.id, reason="Pause")
    second = grant_role(session, actor_id=None, person_id=person.id, role=Role.RESEARCHER)
    assert second.id != first.id
    assert session.get_one(Grant, first.id).revoked_at is not None


def test_a_role_is_not_withdrawn_without_a_reason(session: Session) -> None:
    grant = grant_role(session, actor_id=None, person_id=make_person(session).id, role=Role.AUDITOR)
    for reason in ("", "   "):
        with pytest.raises(ReasonNeeded):
            revoke_grant(session, actor_id=None, grant_id=grant.id, reason=reason)
    assert session.get_one(Grant, grant.id).revoked_at is None


def test_the_last_coordinator_stays(session: Session) -> None:
    first = grant_role(
        session, actor_id=None, person_id=make_person(session).id, role=Role.COORDINATOR
    )
    second = grant_role(
        session, actor_id=None, person_id=make_person(session).id, role=Role.COORDINATOR
    )
    revoke_grant(session, actor_id=None, grant_id=first.id, reason="Départ")
    with pytest.raises(LastCoordinator):
        revoke_grant(session, actor_id=None, grant_id=second.id, reason="Départ")


def test_a_role_is_withdrawn_once(session: Session) -> None:
    make = [make_person(session, name) for name in ("Une Fictive", "Deux Fictive")]
    grants = [
        grant_role(session, actor_id=None, person_id=person.id, role=Role.AUDITOR)
        for person in make
    ]
    revoke_grant(session, actor_id=None, grant_id=grants[0].id, reason="Fin")
    with pytest.raises(Conflict):
        revoke_grant(session, actor_id=None, grant_id=grants[0].id, reason="Fin")
    with pytest.raises(NotFound):
        revoke_grant(session, actor_id=None, grant_id=404, reason="Fin")


def test_a_launch_alone_gives_no_role_of_ours(session: Session) -> None:
    site = make_site(session)
    for role in CourseRole:
        course = make_course(session, site)
        _, token = create_session(session, make_person(session).id, {course.id: role})
        session.commit()
        viewer = load_viewer(session, token)
        assert viewer is not None
        assert (viewer.roles, viewer.partners) == (frozenset(), {})
    assert session.scalars(select(Grant)).all() == []
