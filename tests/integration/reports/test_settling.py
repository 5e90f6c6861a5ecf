"""Linked accounts that each hold a certification of one domain: the coordination says which stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, CaseState
from lti_tool.certification.models import Award, AwardState
from lti_tool.credentials.models import Certificate
from lti_tool.credentials.service import open_certificate, verify
from lti_tool.journal.models import JournalEntry
from lti_tool.people.models import CourseRole, LinkCode, Person, Role
from tests.factories import affiliate, make_grant, make_partner, make_person, make_site, sign_in
from tests.integration.certification.given import today
from tests.integration.certification.world import World
from tests.integration.issued import follow
from tests.integration.people.sides import PAGE, Side, code_of, link, link_id, side
from tests.reading import words_of

PLACE = "/coordination/comptes"


@dataclass
class Office:
    """Two accounts of one person, both certified, and the coordination at its own browser."""

    world: World
    session: Session
    first: Side
    second: Side
    desk: FlaskClient
    coordinator: Person

    def award(self, one: Side, state: AwardState = AwardState.ISSUED) -> str:
        """Give an account an award of the domain; return its public identifier."""
        person = self.session.get_one(Person, one.person_id)
        award = follow(self.session, person, domain=self.world.domain).award
        if state is AwardState.ISSUED:
            open_certificate(self.session, award)
        award.state = state
        self.session.commit()
        return award.public_id

    def accepted(self) -> int:
        """Walk the whole way from both sides; return the link's number."""
        assert link(self.first, self.second, self.session).status_code == 303
        return link_id(self.session)

    def settle(self, number: int, *kept: str, reason: str = "La plus ancienne.") -> Any:
        """Send the coordination's choice."""
        chosen = {f"garder-{number}-{rank}": one for rank, one in enumerate(kept, 1)}
        return self.desk.post(f"{PLACE}/{number}/reunir", data={"reason": reason, **chosen})

    def found(self, public_id: str) -> Award:
        """The award as it is now."""
        self.session.rollback()
        self.session.expire_all()
        return self.session.scalars(select(Award).where(Award.public_id == public_id)).one()

    def merged(self) -> int | None:
        """Who the second person turned out to be."""
        self.session.rollback()
        self.session.expire_all()
        return self.session.get_one(Person, self.second.person_id).merged_into_id


@pytest.fixture
def office(app: Flask, session: Session) -> Iterator[Office]:
    """The whole scene, before any award."""
    with today():
        world = World.make(session)
        app.config["WTF_CSRF_ENABLED"] = False
        client, desk = app.test_client(), app.test_client()
        sign_in(client, session, world.learner, {world.course.id: CourseRole.LEARNER})
        elsewhere = make_site(session, "http://autre.localhost:8082")
        second = side(app, session, elsewhere, "A. Fictive")
        coordinator = make_person(session, "Mariette Coordination-Fictive")
        make_grant(session, coordinator, Role.COORDINATOR)
        session.commit()
        sign_in(desk, session, coordinator)
        first = Side(client, world.learner.id, world.course)
        yield Office(world, session, first, second, desk, coordinator)


def test_two_certifications_of_one_domain_wait_for_the_coordination(office: Office) -> None:
    kept, other = office.award(office.first), office.award(office.second)

    office.accepted()

    assert office.merged() is None
    for one in (office.first, office.second):
        shown = words_of(one.client.get(PAGE))
        assert "La coordination doit choisir une certification" in shown
        assert "Rien ne sera effacé" in shown
    assert "Une personne attend que ses deux comptes soient réunis" in words_of(
        office.desk.get("/coordination")
    )
    listed = words_of(office.desk.get(PLACE))
    assert "Awa Fictive · Moodle fictif" in listed
    assert "A. Fictive · Moodle fictif" in listed
    assert kept in listed
    assert other in listed


@pytest.mark.parametrize("stays", [0, 1])
def test_the_one_that_is_not_kept_is_replaced_and_nothing_is_erased(
    office: Office, stays: int
) -> None:
    both = [office.award(office.first), office.award(office.second)]
    kept, other = both[stays], both[1 - stays]
    number = office.accepted()

    answer = office.settle(number, kept)

    assert (answer.status_code, answer.location) == (303, PLACE)
    assert office.merged() == office.first.person_id
    stands, replaced = office.found(kept), office.found(other)
    assert (stands.state, replaced.state) == (AwardState.ISSUED, AwardState.REPLACED)
    assert (stands.replaced_by_id, replaced.replaced_by_id) == (None, stands.id)
    assert stands.person_id == replaced.person_id == office.first.person_id
    assert len(replaced.decision) == len(stands.decision)
    codes = dict(office.session.execute(select(Certificate.award_id, Certificate.code)).all())
    said = [verify(office.session, codes[one.id]).state for one in (stands, replaced)]
    assert said == ["valid", "replaced"]
    assert "Aucun compte n’attend" in words_of(office.desk.get(PLACE))


def test_the_follow_up_of_the_replaced_one_stops_and_keeps_its_answers(office: Office) -> None:
    kept, other = office.award(office.first), office.award(office.second)

    office.settle(office.accepted(), kept)

    cases = {
        case.award_id: case
        for case in office.session.scalars(select(AnchoringCase).order_by(AnchoringCase.id))
    }
    stopped, going = cases[office.found(other).id], cases[office.found(kept).id]
    assert (stopped.state, stopped.stopped_on) == (CaseState.CANCELLED, clock.now().date())
    assert len(stopped.waves) == len(going.waves) == 4
    assert (going.state, going.stopped_on) == (CaseState.OPEN, None)


def test_a_proposal_never_takes_the_place_of_what_was_issued(office: Office) -> None:
    proposed = office.award(office.first, AwardState.PROPOSED)
    issued = office.award(office.second)
    number = office.accepted()

    office.settle(number, proposed)

    assert office.found(issued).state == AwardState.ISSUED
    refused = office.found(proposed)
    assert (refused.state, refused.decision_reason) == (AwardState.REFUSED, "La plus ancienne.")
    assert refused.decided_by == office.coordinator.id


def test_the_journal_says_which_stays_and_why(office: Office) -> None:
    kept, other = office.award(office.first), office.award(office.second)

    office.settle(office.accepted(), kept)

    lines = {
        entry.action: entry
        for entry in office.session.scalars(select(JournalEntry).order_by(JournalEntry.id))
    }
    replaced = lines["award.replaced"]
    assert replaced.actor_id == lines["link.settled"].actor_id == office.coordinator.id
    assert replaced.subject_id == office.found(other).id
    assert replaced.basis == {"stays": office.found(kept).id, "reason": "La plus ancienne."}
    assert lines["person.merged"].actor_id == office.first.person_id


@pytest.mark.parametrize("kept", [(), ("x" * 32,)])
def test_without_a_choice_nothing_is_done(office: Office, kept: tuple[str, ...]) -> None:
    awards = [office.award(office.first), office.award(office.second)]
    number = office.accepted()

    answer = office.settle(number, *kept)

    assert answer.status_code == 422
    assert "la certification qui reste" in words_of(answer)
    assert "La plus ancienne." in answer.text
    assert {office.found(one).state for one in awards} == {AwardState.ISSUED}
    assert office.merged() is None


def test_without_a_reason_nothing_is_done(office: Office) -> None:
    kept, other = office.award(office.first), office.award(office.second)
    number = office.accepted()

    answer = office.settle(number, kept, reason=" ")

    assert answer.status_code == 422
    assert f'value="{kept}" checked' in answer.text
    assert office.found(other).state == AwardState.ISSUED


def test_the_coordination_may_leave_them_apart(office: Office) -> None:
    awards = [office.award(office.first), office.award(office.second)]
    number = office.accepted()

    assert office.desk.post(f"{PLACE}/{number}/laisser", data={"reason": ""}).status_code == 422
    done = office.desk.post(f"{PLACE}/{number}/laisser", data={"reason": "Deux personnes."})

    assert done.status_code == 303
    assert {office.found(one).state for one in awards} == {AwardState.ISSUED}
    assert office.merged() is None
    assert "La coordination doit choisir" not in office.first.client.get(PAGE).text


@pytest.mark.parametrize("who", ["first", "second"])
def test_either_side_withdraws_until_it_is_settled(office: Office, who: str) -> None:
    kept, _other = office.award(office.first), office.award(office.second)
    number = office.accepted()

    getattr(office, who).post(f"{number}/refuser")

    assert office.settle(number, kept).status_code == 409
    assert office.merged() is None


def test_what_waited_more_than_a_month_is_over(office: Office) -> None:
    kept, _other = office.award(office.first), office.award(office.second)
    number = office.accepted()

    with clock.set_to(clock.now() + timedelta(days=30, seconds=1)):
        sign_in(office.desk, office.session, office.coordinator)
        assert office.settle(number, kept).status_code == 409
        assert "Aucun compte n’attend" in words_of(office.desk.get(PLACE))


def test_a_right_given_meanwhile_keeps_them_apart_and_undoes_nothing(office: Office) -> None:
    kept, other = office.award(office.first), office.award(office.second)
    number = office.accepted()
    make_grant(
        office.session, office.session.get_one(Person, office.second.person_id), Role.RESEARCHER
    )
    office.session.commit()

    assert office.settle(number, kept).status_code == 409
    assert office.found(other).state == AwardState.ISSUED
    assert office.merged() is None


def test_who_leads_an_association_of_the_person_does_not_settle(office: Office) -> None:
    kept, other = office.award(office.first), office.award(office.second)
    number = office.accepted()
    partner = make_partner(office.session)
    affiliate(office.session, office.session.get_one(Person, office.second.person_id), partner)
    make_grant(office.session, office.coordinator, Role.PARTNER_LEAD, partner)
    office.session.commit()

    assert office.settle(number, kept).status_code == 403
    assert office.found(other).state == AwardState.ISSUED


def test_a_collision_that_is_over_links_without_a_choice(office: Office) -> None:
    office.award(office.first)
    gone = office.award(office.second)
    number = office.accepted()
    office.found(gone).state = AwardState.REVOKED
    office.session.commit()

    assert office.settle(number).status_code == 303
    assert office.merged() == office.first.person_id


def test_nothing_is_settled_before_both_sides_accepted(office: Office) -> None:
    kept, _other = office.award(office.first), office.award(office.second)
    assert office.second.post("demande", code=code_of(office.first)).status_code == 303
    number = office.session.scalars(select(LinkCode.id)).one()
    office.session.rollback()

    assert "Aucun compte n’attend" in words_of(office.desk.get(PLACE))
    assert office.settle(number, kept).status_code == 409
    assert office.merged() is None
