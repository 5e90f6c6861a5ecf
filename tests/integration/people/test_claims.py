"""An access code works once, for whoever uses it first, until its day; only its hash is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock, journal
from lti_tool.errors import Conflict, NotFound
from lti_tool.people.errors import ClaimRefused, PartnerNeeded
from lti_tool.people.models import ClaimLink, Grant, Role
from lti_tool.people.service import (
    claim,
    create_claim_link,
    current_grants,
    open_claims,
    withdraw_claim_link,
)
from tests.factories import make_partner, make_person


def test_a_code_gives_its_role_to_the_person_who_uses_it(session: Session) -> None:
    partner, person = make_partner(session), make_person(session)
    code = create_claim_link(session, actor_id=None, role=Role.PARTNER_LEAD, partner_id=partner.id)
    grant = claim(session, person.id, code)
    assert (grant.person_id, grant.role, grant.partner_id) == (
        person.id,
        Role.PARTNER_LEAD,
        partner.id,
    )
    (listed,) = current_grants(session)
    assert listed.given_by is None
    assert open_claims(session) == []


def test_a_code_works_once(session: Session) -> None:
    first, second = make_person(session), make_person(session, "Binta Fictive")
    code = create_claim_link(session, actor_id=None, role=Role.COORDINATOR)
    claim(session, first.id, code)
    for person in (second, first):
        with pytest.raises(ClaimRefused):
            claim(session, person.id, code)
        session.rollback()
    assert [grant.person_id for grant in session.scalars(select(Grant))] == [first.id]


def test_a_code_that_two_people_use_at_once_serves_one(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    people = [make_person(session, name).id for name in ("Une Fictive", "Deux Fictive")]
    code = create_claim_link(session, actor_id=None, role=Role.COORDINATOR)
    with sessions() as one:
        claim(one, people[0], code)
        with sessions() as other, pytest.raises(ClaimRefused):
            claim(other, people[1], code)
    session.commit()
    assert len(session.scalars(select(Grant)).all()) == 1


def test_a_code_expires(session: Session) -> None:
    person = make_person(session)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        code = create_claim_link(
            session, actor_id=None, role=Role.COORDINATOR, ttl=timedelta(hours=1)
        )
        traveller.shift(timedelta(hours=1))
        with pytest.raises(ClaimRefused):
            claim(session, person.id, code)
        session.rollback()
        traveller.shift(timedelta(seconds=-1))
        assert claim(session, person.id, code).role == Role.COORDINATOR


def test_the_way_a_code_is_retyped_does_not_matter(session: Session) -> None:
    person = make_person(session)
    for retyped in (
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
    ):
        code = create_claim_link(session, actor_id=None, role=Role.AUDITOR)
        assert claim(session, person.id, retyped(code)).role == Role.AUDITOR


def test_another_text_opens_nothing(session: Session) -> None:
    person = make_person(session)
    create_claim_link(session, actor_id=None, role=Role.COORDINATOR)
    for code in ("", "-", "ABCD", "0" * 24, "é" * 24, "\udcff"):
        with pytest.raises(ClaimRefused):
            claim(session, person.id, code)


def test_the_code_is_nowhere_in_the_base(session: Session) -> None:
    code = create_claim_link(session, actor_id=None, role=Role.COORDINATOR)
    (link,) = session.execute(text("SELECT * FROM claim_link")).mappings()
    kept = " ".join(str(value) for value in link.values())
    assert code not in kept
    assert code.replace("-", "") not in kept
    (entry,) = journal.entries_about(session, "claim_link", link["id"])
    assert code.replace("-", "")[:4] not in str(entry.basis)


def test_making_and_using_a_code_stand_in_the_journal(session: Session) -> None:
    maker, user = make_person(session), make_person(session, "Binta Fictive")
    code = create_claim_link(session, actor_id=maker.id, role=Role.RESEARCHER)
    grant = claim(session, user.id, code)
    link = session.scalars(select(ClaimLink)).one()
    assert [
        (entry.action, entry.actor_id)
        for entry in journal.entries_about(session, "claim_link", link.id)
    ] == [("claim_link.created", maker.id), ("claim_link.used", user.id)]
    (given,) = journal.entries_about(session, "role_grant", grant.id)
    assert given.basis["claim_link_id"] == link.id


def test_a_code_that_went_astray_is_withdrawn(session: Session) -> None:
    code = create_claim_link(session, actor_id=None, role=Role.COORDINATOR)
    (waiting,) = open_claims(session)
    withdraw_claim_link(session, actor_id=None, link_id=waiting.id)
    assert open_claims(session) == []
    with pytest.raises(ClaimRefused):
        claim(session, make_person(session).id, code)
    session.rollback()
    with pytest.raises(Conflict):
        withdraw_claim_link(session, actor_id=None, link_id=waiting.id)
    with pytest.raises(NotFound):
        withdraw_claim_link(session, actor_id=None, link_id=404)


def test_a_code_for_a_partner_lead_names_an_association(session: Session) -> None:
    with pytest.raises(PartnerNeeded):
        create_claim_link(session, actor_id=None, role=Role.PARTNER_LEAD)
