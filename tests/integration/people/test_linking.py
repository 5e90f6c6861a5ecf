"""Two accounts become one person's only by proof from both sides, whole, or not at all (N15)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase
from lti_tool.certification.models import Award, AwardState, Evidence, EvidenceReview, EvidenceState
from lti_tool.certification.service.evaluation import latest_award, target_of
from lti_tool.certification.service.roster import standings
from lti_tool.journal.models import JournalEntry
from lti_tool.partners.models import Affiliation
from lti_tool.people.models import (
    Account,
    BrowserSession,
    CourseRole,
    Grant,
    LinkCode,
    Person,
    Purpose,
    Role,
)
from lti_tool.people.service import choices, record_choices, search_people
from lti_tool.people.sessions import create_session
from lti_tool.platforms.models import Course
from tests.factories import (
    affiliate,
    make_grant,
    make_partner,
    make_site,
    sign_in,
)
from tests.integration.certification.given import today
from tests.integration.certification.world import World
from tests.integration.people.sides import PAGE, Side, code_of, link, link_id, side
from tests.reading import words_of


@pytest.fixture
def first(app: Flask, session: Session) -> Side:
    """Awa, on the first site: the account to keep."""
    return side(app, session, make_site(session), "Awa Fictive")


@pytest.fixture
def second(app: Flask, session: Session) -> Side:
    """The same Awa, on another site, under another name."""
    return side(app, session, make_site(session, "http://autre.localhost:8082"), "A. Fictive")


def persons_of_accounts(session: Session) -> list[int]:
    found = list(session.scalars(select(Account.person_id).order_by(Account.id)))
    session.rollback()
    return found


def test_proof_from_both_sides_makes_one_person(
    first: Side, second: Side, session: Session
) -> None:
    answer = link(first, second, session)

    assert (answer.status_code, answer.location) == (303, "/mes-donnees")
    assert persons_of_accounts(session) == [first.person_id] * 2
    gone = session.get_one(Person, second.person_id)
    assert (gone.merged_into_id, gone.full_name, gone.given_name) == (first.person_id, "—", "")
    shown = first.client.get("/mes-donnees").text
    assert "Vos deux comptes sont reliés" in shown


def test_each_side_sees_both_accounts_before_anything_is_done(
    first: Side, second: Side, session: Session
) -> None:
    second.post("demande", code=code_of(first))

    for one, title in ((first, "demande à être relié au vôtre"), (second, "attend l’autre compte")):
        shown = one.client.get(PAGE).text
        assert title in shown
        assert "Awa Fictive · Moodle fictif" in shown
        assert "A. Fictive · Moodle fictif" in shown
    assert persons_of_accounts(session) == [first.person_id, second.person_id]


def test_the_code_alone_links_nothing(first: Side, second: Side, session: Session) -> None:
    second.post("demande", code=code_of(first))

    assert second.post(f"{link_id(session)}/accepter").status_code == 404
    assert persons_of_accounts(session) == [first.person_id, second.person_id]


def test_a_stranger_neither_sees_nor_answers_a_request(
    app: Flask, first: Side, second: Side, session: Session
) -> None:
    stranger = side(app, session, make_site(session, "http://tiers.localhost:8083"), "Tiers Fictif")
    second.post("demande", code=code_of(first))
    number = link_id(session)

    assert "A. Fictive" not in stranger.client.get(PAGE).text
    assert stranger.post(f"{number}/accepter").status_code == 404
    assert stranger.post(f"{number}/refuser").status_code == 404


@pytest.mark.parametrize("who", ["first", "second"])
def test_either_side_may_refuse(who: str, first: Side, second: Side, session: Session) -> None:
    second.post("demande", code=code_of(first))
    number = link_id(session)

    assert {"first": first, "second": second}[who].post(f"{number}/refuser").status_code == 303
    assert first.post(f"{number}/accepter").status_code == 404
    assert persons_of_accounts(session) == [first.person_id, second.person_id]


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "x" * 500, "\x00", "🦊"])
def test_a_code_written_otherwise_is_refused(first: Side, second: Side, typed: str) -> None:
    code_of(first)

    answer = second.post("demande", code=typed)

    assert answer.status_code == 422
    assert "Aucun code en cours ne s’écrit ainsi" in answer.text


def test_after_a_reload_a_code_in_progress_is_told_but_not_shown(
    first: Side, second: Side, session: Session
) -> None:
    code = code_of(first)

    shown = words_of(first.client.get(PAGE))

    assert "Un code est en cours" in shown
    assert "Demandé depuis Moodle fictif" in shown
    assert re.search(r"Il expire <time[^>]*>dans 1[45] minutes", shown)
    assert "ne peut pas le montrer à nouveau" in shown
    assert "Demander un autre code" in shown
    assert code not in shown
    assert "Un code est en cours" not in second.client.get(PAGE).text
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1), tick=False):
        assert "Un code est en cours" not in first.client.get(PAGE).text


def test_a_cancelled_code_links_nothing(first: Side, second: Side, session: Session) -> None:
    code = code_of(first)

    shown = first.client.post(f"{PAGE}/code/annuler", follow_redirects=True).text

    assert "Le code est annulé" in shown
    assert "Un code est en cours" not in shown
    assert second.post("demande", code=code).status_code == 422
    assert session.scalars(select(LinkCode.id)).all() == []
    actions = session.scalars(select(JournalEntry.action).order_by(JournalEntry.id)).all()
    assert actions[-1] == "link.code_withdrawn"


def test_nobody_cancels_the_code_of_another(first: Side, second: Side) -> None:
    code = code_of(first)

    assert second.post("code/annuler").status_code == 303

    assert second.post("demande", code=code).status_code == 303


def test_a_code_typed_again_says_what_became_of_it(
    first: Side, second: Side, session: Session
) -> None:
    code = code_of(first)

    own = first.post("demande", code=code).text
    assert "demandé depuis le compte où vous êtes" in own
    second.post("demande", code=code)
    assert "il a déjà servi" in second.post("demande", code=code).text
    first.post(f"{link_id(session)}/accepter")
    again = sign_in_again(second, first.person_id, session)
    assert "déjà relié au vôtre" in again.post("demande", code=code).text


def sign_in_again(one: Side, person_id: int, session: Session) -> Side:
    """Launch anew from the same site: its account is another person's now."""
    person = session.get_one(Person, person_id)
    sign_in(one.client, session, person, {one.course.id: CourseRole.LEARNER})
    return Side(one.client, person_id, one.course)


def test_a_third_account_joins_two_that_are_linked(
    app: Flask, first: Side, second: Side, session: Session
) -> None:
    third = side(app, session, make_site(session, "http://tiers.localhost:8083"), "Awa F.")
    link(first, second, session)
    session.execute(delete(LinkCode))
    session.commit()

    assert link(third, first, session).status_code == 303

    assert persons_of_accounts(session) == [third.person_id] * 3


def test_a_third_account_of_a_site_already_there_is_refused(
    app: Flask, first: Side, second: Side, session: Session
) -> None:
    site = session.get_one(Course, second.course.id).site
    third = side(app, session, site, "Voisine Fictive")
    link(first, second, session)

    answer = third.post("demande", code=code_of(first))

    assert answer.status_code == 409
    assert "deux comptes du même site Moodle" in answer.text


def test_a_code_is_read_as_people_write_it(first: Side, second: Side) -> None:
    code = code_of(first)

    assert second.post("demande", code=f" {code.lower().replace('-', ' ')} ").status_code == 303


def test_a_code_serves_once_and_only_the_last_one(
    app: Flask, first: Side, second: Side, session: Session
) -> None:
    third = side(app, session, make_site(session, "http://tiers.localhost:8083"), "Tiers Fictif")
    old, code = code_of(first), code_of(first)

    assert second.post("demande", code=old).status_code == 422
    assert second.post("demande", code=code).status_code == 303
    assert third.post("demande", code=code).status_code == 422


def test_a_code_is_over_after_a_quarter_of_an_hour(
    app: Flask, first: Side, session: Session
) -> None:
    code = code_of(first)
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1), tick=False):
        late = side(app, session, make_site(session, "http://autre.localhost:8082"), "A. Fictive")
        answer = late.post("demande", code=code)
        assert answer.status_code == 422
        assert "date de plus d’un quart d’heure" in answer.text


def test_a_request_is_over_after_half_an_hour(first: Side, second: Side, session: Session) -> None:
    second.post("demande", code=code_of(first))
    number = link_id(session)

    with time_machine.travel(clock.now() + timedelta(minutes=30, seconds=1), tick=False):
        assert first.post(f"{number}/accepter").status_code == 404


def test_nobody_links_an_account_to_itself(first: Side) -> None:
    assert first.post("demande", code=code_of(first)).status_code == 422


def test_each_step_asks_for_a_launch_made_a_moment_ago(
    app: Flask, first: Side, second: Side, session: Session
) -> None:
    second.post("demande", code=code_of(first))
    number = link_id(session)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        answer = first.post(f"{number}/accepter")
        assert answer.status_code == 409
        assert "moins d’un quart d’heure" in answer.text
        assert first.post("code").status_code == 409
        fresh = side(app, session, make_site(session, "http://tiers.localhost:8083"), "Tiers")
        assert second.post("demande", code=code_of(fresh)).status_code == 409
    assert persons_of_accounts(session)[:2] == [first.person_id, second.person_id]


def test_guessing_is_limited(first: Side, second: Side) -> None:
    tries = [second.post("demande", code="0000-0000").status_code for _ in range(11)]

    assert tries == [422] * 10 + [429]


def test_the_code_is_not_in_the_database(first: Side, session: Session) -> None:
    code = code_of(first).replace("-", "")

    assert code not in session.scalars(select(LinkCode.code_hash)).one()


def test_two_accounts_of_one_site_are_not_linked(app: Flask, first: Side, session: Session) -> None:
    site = session.get_one(Course, first.course.id).site
    neighbour = side(app, session, site, "Voisine Fictive")

    answer = neighbour.post("demande", code=code_of(first))

    assert answer.status_code == 409
    assert "Deux comptes du même site" in answer.text


@pytest.mark.parametrize("holder", ["first", "second"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.RESEARCHER])
def test_a_right_never_opens_from_another_site(
    holder: str, role: Role, first: Side, second: Side, session: Session
) -> None:
    owner = {"first": first, "second": second}[holder]
    make_grant(session, session.get_one(Person, owner.person_id), role)
    session.commit()

    assert second.post("demande", code=code_of(first)).status_code == 409


def test_a_right_given_meanwhile_stops_the_acceptance(
    first: Side, second: Side, session: Session
) -> None:
    second.post("demande", code=code_of(first))
    number = link_id(session)
    make_grant(session, session.get_one(Person, second.person_id), Role.COORDINATOR)
    session.commit()

    assert first.post(f"{number}/accepter").status_code == 409
    assert persons_of_accounts(session) == [first.person_id, second.person_id]
    assert session.scalars(select(Grant)).one().person_id == second.person_id


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PARTNER_LEAD])
def test_a_right_given_after_the_link_opens_from_the_site_of_the_account_kept(
    role: Role, app: Flask, first: Side, second: Side, session: Session
) -> None:
    link(first, second, session)
    person = session.get_one(Person, first.person_id)
    partner = make_partner(session) if role is Role.PARTNER_LEAD else None
    make_grant(session, person, role, partner)
    space = "/coordination" if partner is None else f"/association/{partner.public_id}"
    session.commit()

    again = app.test_client()
    sign_in(again, session, person, {second.course.id: CourseRole.LEARNER})
    assert again.get(space).status_code == 404
    assert again.get("/mes-donnees").status_code == 200
    assert first.client.get(space).status_code == 200


def test_what_either_refused_is_refused(first: Side, second: Side, session: Session) -> None:
    yes, no = {Purpose.RESEARCH: True}, {Purpose.RESEARCH: False}
    record_choices(session, person_id=first.person_id, given=no | {Purpose.PUBLIC_PAGE: True})
    record_choices(session, person_id=second.person_id, given=yes | {Purpose.ANCHORING: True})

    link(first, second, session)

    stands = {choice.purpose: choice.given for choice in choices(session, first.person_id)}
    assert stands == {
        Purpose.RESEARCH: False,
        Purpose.PUBLIC_PAGE: True,
        Purpose.ANCHORING: True,
        Purpose.SHARE_WITH_PARTNER: None,
    }


def test_affiliations_move_and_one_of_both_stands_once(
    first: Side, second: Side, session: Session
) -> None:
    both, other = make_partner(session), make_partner(session, "Autre Fictive")
    one, two = (session.get_one(Person, side.person_id) for side in (first, second))
    for person, partner in ((one, both), (two, both), (two, other)):
        affiliate(session, person, partner)
    session.commit()

    link(first, second, session)

    current = select(Affiliation.partner_id).where(
        Affiliation.person_id == first.person_id, Affiliation.until.is_(None)
    )
    assert sorted(session.scalars(current)) == sorted([both.id, other.id])
    left = select(func.count()).where(Affiliation.person_id == second.person_id)
    assert session.scalar(left) == 0


def test_the_second_account_s_sessions_end_and_the_next_launch_finds_the_person(
    first: Side, second: Side, session: Session
) -> None:
    link(first, second, session)

    assert second.client.get("/mes-donnees").status_code == 401
    assert session.scalars(select(BrowserSession.person_id)).all() == [first.person_id]


def test_a_session_begun_during_the_link_opens_nothing(
    first: Side, second: Side, session: Session
) -> None:
    link(first, second, session)
    _browser, token = create_session(session, second.person_id, {})
    session.commit()
    with second.client.session_transaction() as cookie:
        cookie["sid"] = token

    assert second.client.get("/mes-donnees").status_code == 401


def test_the_person_who_is_no_more_is_not_found_by_coordinators(
    first: Side, second: Side, session: Session
) -> None:
    link(first, second, session)

    assert [one.id for one in search_people(session, "Fictive")] == [first.person_id]


def test_the_journal_says_what_was_done_without_names(
    first: Side, second: Side, session: Session
) -> None:
    link(first, second, session)

    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    said = [(entry.action, entry.actor_id) for entry in entries]
    assert said[-3:] == [
        ("link.code_made", first.person_id),
        ("link.asked", second.person_id),
        ("person.merged", first.person_id),
    ]
    assert entries[-1].subject_id == second.person_id
    assert "Fictive" not in str([entry.basis for entry in entries])


@pytest.fixture
def certified(app: Flask, session: Session) -> Iterator[tuple[World, Side, Side]]:
    """The world of a certification, the learner's account elsewhere, and the learner's in it."""
    with today():
        world = World.make(session)
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        sign_in(client, session, world.learner, {world.course.id: CourseRole.LEARNER})
        elsewhere = make_site(session, "http://autre.localhost:8082")
        other = side(app, session, elsewhere, "A. Fictive")
        yield world, other, Side(client, world.learner.id, world.course)


def an_award(world: World, person_id: int, state: AwardState = AwardState.ISSUED) -> Award:
    award = Award(
        person_id=person_id,
        domain_id=world.domain.id,
        rule_id=world.rule.id,
        course_id=world.course.id,
        state=state,
        decision={},
        proposed_at=clock.now(),
        issued_on=clock.now().date(),
    )
    world.session.add(award)
    world.session.flush()
    return award


def test_evidence_awards_and_cases_move_to_the_person_who_stays(
    certified: tuple[World, Side, Side],
) -> None:
    world, keeper, learner = certified
    evidence, award = world.give_action(world.learner), an_award(world, world.learner.id)
    case = AnchoringCase(
        award_id=award.id,
        person_id=world.learner.id,
        domain_id=world.domain.id,
        started_on=clock.now().date(),
    )
    world.session.add(case)
    world.session.commit()
    numbers = (evidence.id, award.id, case.id)

    assert link(keeper, learner, world.session).status_code == 303

    world.session.rollback()
    owners = (
        world.session.get_one(Evidence, numbers[0]).author_id,
        world.session.get_one(Award, numbers[1]).person_id,
        world.session.get_one(AnchoringCase, numbers[2]).person_id,
    )
    assert owners == (keeper.person_id,) * 3


def test_a_refused_award_does_not_stand_in_the_way(certified: tuple[World, Side, Side]) -> None:
    world, keeper, learner = certified
    an_award(world, world.learner.id, AwardState.REFUSED)
    an_award(world, keeper.person_id)
    world.session.commit()

    assert link(keeper, learner, world.session).status_code == 303
    assert persons_of_accounts(world.session)[-2:] == [keeper.person_id] * 2


def test_of_two_awards_the_open_one_is_shown_even_when_the_refused_one_is_newer(
    certified: tuple[World, Side, Side],
) -> None:
    world, keeper, learner = certified
    issued = an_award(world, keeper.person_id)
    an_award(world, world.learner.id, AwardState.REFUSED)
    world.session.commit()
    number = issued.id

    link(keeper, learner, world.session)

    target = target_of(world.session, world.domain, None)
    assert target is not None
    found = latest_award(world.session, keeper.person_id, target)
    assert found is not None
    assert found.id == number
    [standing] = standings(world.session, [target], [keeper.person_id])[keeper.person_id]
    assert standing.award is found


def test_who_judged_the_other_cannot_become_them(certified: tuple[World, Side, Side]) -> None:
    world, keeper, learner = certified
    evidence = world.give_action(world.learner)
    world.session.add(
        EvidenceReview(
            evidence_id=evidence.id,
            reviewer_id=keeper.person_id,
            reviewer_role="trainer",
            state=EvidenceState.ACCEPTED,
            at=clock.now(),
        )
    )
    world.session.commit()

    answer = learner.post("demande", code=code_of(keeper))
    assert answer.status_code == 409
    assert "ce ne peut pas être la même personne" in answer.text
