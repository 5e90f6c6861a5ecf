"""Nothing moves without a decision, and a decision is taken once, whoever else decides or reads."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import journal
from lti_tool.jobs.models import Job
from lti_tool.jobs.schedule import frequent_tasks
from lti_tool.partners.cohorts import ask_for_every_reading, tie_cohort, untie_cohort
from lti_tool.partners.deciding import (
    Decided,
    accept_proposals,
    dismiss_proposals,
    reopen_proposals,
)
from lti_tool.partners.errors import DismissalReasonNeeded
from lti_tool.partners.merging import move_affiliations
from lti_tool.partners.models import (
    Affiliation,
    AffiliationProposal,
    AffiliationSource,
    CohortLink,
    Partner,
)
from lti_tool.partners.own_data import proposals_held
from lti_tool.partners.proposals import waiting_lists
from lti_tool.partners.reading import sync_cohort_members
from lti_tool.partners.service import members
from lti_tool.people.models import Person, Role
from lti_tool.people.sessions import create_session, load_viewer
from lti_tool.platforms.models import Site
from lti_tool.reports.cohort import cohort_lines
from tests.factories import affiliate, make_grant, make_partner, make_person, make_site
from tests.integration.partners.given import accept_all, propose, waiting
from tests.integration.partners.moodle_peer import MoodlePeer

DAY = date(2026, 9, 1)
AWA, OTHERS = 31, 15
"""A member of the first recorded cohort, and how many others it has."""


@pytest.fixture
def site(session: Session) -> Site:
    """A site, with a token."""
    return make_site(session, token="0" * 32)


@pytest.fixture
def peer() -> MoodlePeer:
    """The recorded site."""
    return MoodlePeer()


@pytest.fixture
def here(session: Session, site: Site) -> CohortLink:
    """The first cohort, tied to an association."""
    return tie(session, site, 1, make_partner(session, "Association Fictive A"))


@pytest.fixture
def there(session: Session, site: Site) -> CohortLink:
    """The second cohort, tied to another."""
    return tie(session, site, 2, make_partner(session, "Association Fictive B"))


@pytest.fixture
def coordinator(session: Session) -> Person:
    """Who decides."""
    return make_person(session, "Coordination Fictive")


def tie(session: Session, site: Site, cohort_id: int, partner: Partner) -> CohortLink:
    """Tie a cohort."""
    return tie_cohort(
        session, actor_id=None, site=site, cohort_id=cohort_id, name="C", partner=partner
    )


def move(peer: MoodlePeer, user_id: int) -> None:
    """Have someone leave the first cohort for the second."""
    peer.members[1] = tuple(one for one in peer.members[1] if one != user_id)
    peer.members[2] = (*peer.members[2], user_id)


def moving(
    session: Session, peer: MoodlePeer, site: Site, there: CohortLink
) -> AffiliationProposal:
    """Everybody accepted, then one person who changed cohorts, read."""
    sync_cohort_members(session, peer, site)
    accept_all(session)
    move(peer, AWA)
    sync_cohort_members(session, peer, site)
    (found,) = waiting(session, there.partner)
    return found


def journaled(session: Session, proposal_id: int) -> list[str]:
    """What the journal says of a proposal."""
    return [
        one.action for one in journal.entries_about(session, "affiliation_proposal", proposal_id)
    ]


def test_a_lead_sees_nobody_and_gains_nothing_before_the_decision(
    session: Session, peer: MoodlePeer, site: Site, here: CohortLink, coordinator: Person
) -> None:
    lead = make_person(session, "Référente Fictive")
    make_grant(session, lead, Role.PARTNER_LEAD, here.partner)
    sync_cohort_members(session, peer, site)
    assert len(waiting(session)) == OTHERS + 1
    assert members(session, here.partner_id, DAY) == []
    assert cohort_lines(session, here.partner_id) == []
    _browser, token = create_session(session, waiting(session)[0].person_id, {})
    session.commit()
    viewer = load_viewer(session, token)
    assert viewer is not None
    assert viewer.partners == {}


def test_who_moves_leaves_one_and_joins_the_other_at_the_decision_only(
    session: Session,
    peer: MoodlePeer,
    site: Site,
    here: CohortLink,
    there: CohortLink,
    coordinator: Person,
) -> None:
    proposal = moving(session, peer, site, there)
    assert (proposal.kind, proposal.from_partner_id) == ("move", here.partner_id)
    person_id, number = proposal.person_id, proposal.id
    assert waiting(session, here.partner) == []
    before = session.scalars(
        select(Affiliation.partner_id).where(Affiliation.person_id == person_id)
    ).all()
    assert before == [here.partner_id]
    with time_machine.travel(DAY):
        done = accept_proposals(
            session, actor_id=coordinator.id, partner=there.partner, ids=[number]
        )
    assert done == Decided(begun=1, ended=1, overtaken=0)
    rows = session.execute(
        select(Affiliation.partner_id, Affiliation.since == DAY, Affiliation.until)
        .where(Affiliation.person_id == person_id)
        .order_by(Affiliation.id)
    ).all()
    assert [tuple(one) for one in rows] == [
        (here.partner_id, False, DAY),
        (there.partner_id, True, None),
    ]
    assert journaled(session, number) == ["affiliation.proposed", "affiliation.accepted"]


def test_who_moves_may_keep_the_first_by_the_coordinators_hand(
    session: Session,
    peer: MoodlePeer,
    site: Site,
    here: CohortLink,
    there: CohortLink,
    coordinator: Person,
) -> None:
    proposal = moving(session, peer, site, there)
    person_id = proposal.person_id
    done = accept_proposals(
        session,
        actor_id=coordinator.id,
        partner=there.partner,
        ids=[proposal.id],
        keep_former=True,
    )
    assert (done.begun, done.ended) == (1, 0)
    kept = session.scalar(
        select(Affiliation.source).where(
            Affiliation.person_id == person_id, Affiliation.partner_id == here.partner_id
        )
    )
    assert kept == AffiliationSource.COORDINATOR
    assert sync_cohort_members(session, peer, site).proposed == 0


def test_a_dismissed_proposal_stays_away_while_the_facts_are_the_same_and_no_longer(
    session: Session,
    peer: MoodlePeer,
    site: Site,
    here: CohortLink,
    there: CohortLink,
    coordinator: Person,
) -> None:
    proposal = moving(session, peer, site, there)
    number = proposal.id
    with pytest.raises(DismissalReasonNeeded):
        dismiss_proposals(
            session, actor_id=coordinator.id, partner=there.partner, ids=[number], reason=" "
        )
    dismiss_proposals(
        session, actor_id=coordinator.id, partner=there.partner, ids=[number], reason="erreur"
    )
    assert sync_cohort_members(session, peer, site).proposed == 0
    assert waiting(session) == []
    (listed,) = waiting_lists(session, there.partner_id, dismissed=True)
    assert listed.waiting[0].proposal.reason == "erreur"
    peer.members[2] = tuple(one for one in peer.members[2] if one != AWA)
    away = sync_cohort_members(session, peer, site)
    assert (away.proposed, away.overtaken) == (1, 1)
    assert [one.kind for one in waiting(session, here.partner)] == ["end"]
    assert journaled(session, number)[-2:] == ["affiliation.dismissed", "affiliation.overtaken"]


def test_a_dismissed_proposal_is_taken_up_again(
    session: Session, here: CohortLink, coordinator: Person
) -> None:
    proposal = propose(session, make_person(session), here)
    deciding = {"actor_id": coordinator.id, "partner": here.partner, "ids": [proposal.id]}
    assert dismiss_proposals(session, **deciding, reason="x") == 1
    assert dismiss_proposals(session, **deciding, reason="x") == 0
    assert accept_proposals(session, **deciding) == Decided(0, 0, 1)
    assert reopen_proposals(session, **deciding) == 1
    assert accept_proposals(session, **deciding) == Decided(1, 0, 0)


def test_a_proposal_that_facts_overtook_disappears_and_the_journal_keeps_it(
    session: Session, peer: MoodlePeer, site: Site, here: CohortLink
) -> None:
    sync_cohort_members(session, peer, site)
    number = waiting(session)[0].id
    peer.members[1] = ()
    reading = sync_cohort_members(session, peer, site)
    assert (reading.proposed, reading.overtaken) == (0, OTHERS + 1)
    assert session.scalars(select(AffiliationProposal)).all() == []
    assert journaled(session, number) == ["affiliation.proposed", "affiliation.overtaken"]


def test_what_became_true_by_hand_meanwhile_is_neither_begun_nor_ended(
    session: Session, here: CohortLink, coordinator: Person
) -> None:
    person = make_person(session)
    affiliate(session, person, here.partner)
    numbers = [propose(session, person, here).id]
    numbers.append(propose(session, make_person(session), here, kind="end").id)
    done = accept_proposals(session, actor_id=coordinator.id, partner=here.partner, ids=numbers)
    assert done == Decided(0, 0, 2)
    assert waiting(session) == []


def test_untying_a_cohort_takes_back_what_it_proposed(
    session: Session, here: CohortLink, coordinator: Person
) -> None:
    number = propose(session, make_person(session), here).id
    untie_cohort(session, actor_id=coordinator.id, link_id=here.id, reason="mauvaise cohorte")
    assert waiting(session) == []
    assert journaled(session, number) == ["affiliation.overtaken"]


def test_one_unknown_cohort_is_reported_alone_and_the_others_are_read(
    session: Session, peer: MoodlePeer, site: Site, here: CohortLink, there: CohortLink
) -> None:
    del peer.members[2]
    reading = sync_cohort_members(session, peer, site)
    assert (reading.cohorts, reading.proposed, reading.gone) == (1, OTHERS + 1, ("C",))
    assert (here.gone_at, there.gone_at is None) == (None, False)


def test_of_two_who_accept_at_once_each_person_is_taken_in_once(
    session: Session, sessions: sessionmaker[Session], here: CohortLink, coordinator: Person
) -> None:
    ids = [propose(session, make_person(session, f"Personne {n}"), here).id for n in range(3)]
    actor_id, partner_id, start, done = coordinator.id, here.partner_id, Barrier(2), []

    def press() -> None:
        with sessions() as own:
            partner = own.get_one(Partner, partner_id)
            own.commit()
            start.wait(10)
            done.append(accept_proposals(own, actor_id=actor_id, partner=partner, ids=ids))

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.begun for one in done) == [0, 3]
    assert len(session.scalars(select(Affiliation)).all()) == 3


def test_two_readings_at_once_propose_once(
    session: Session,
    sessions: sessionmaker[Session],
    peer: MoodlePeer,
    site: Site,
    here: CohortLink,
) -> None:
    site_id, made = site.id, []

    def read_meanwhile() -> None:
        peer.before_answer = lambda: None
        with sessions() as other:
            made.append(sync_cohort_members(other, peer, other.get_one(Site, site_id)).proposed)

    peer.before_answer = read_meanwhile
    made.append(sync_cohort_members(session, peer, site).proposed)
    assert made == [OTHERS + 1, 0]


def test_a_reading_that_is_killed_half_way_leaves_accounts_at_most(
    session: Session,
    sessions: sessionmaker[Session],
    peer: MoodlePeer,
    site: Site,
    here: CohortLink,
) -> None:
    class Killed(BaseException):
        """The process dies."""

    def die(done: int, _total: int | None) -> None:
        if done:
            raise Killed

    with pytest.raises(Killed):
        sync_cohort_members(session, peer, site, progress=die)
    session.rollback()
    assert waiting(session) == []
    assert sync_cohort_members(session, peer, site).proposed == OTHERS + 1


def test_two_persons_who_become_one_are_proposed_again_by_the_next_reading(
    session: Session, here: CohortLink
) -> None:
    gone, stays = make_person(session, "Une Fictive"), make_person(session, "Une Fictive")
    propose(session, gone, here)
    propose(session, stays, here)
    move_affiliations(session, gone.id, stays.id, move=False)
    assert len(waiting(session)) == 2
    move_affiliations(session, gone.id, stays.id, move=True)
    assert waiting(session) == []


def test_a_person_can_see_what_is_proposed_about_them(session: Session, here: CohortLink) -> None:
    proposal = propose(session, make_person(session), here)
    (told,) = proposals_held(session, proposal.person_id)
    assert (told["association"], told["kind"]) == ("Association Fictive A", "begin")


def test_every_site_with_a_tied_cohort_is_read_by_itself(
    session: Session, here: CohortLink
) -> None:
    make_site(session, "http://vide.localhost:8082", token="1" * 32)
    without_token = make_site(session, "http://sans-jeton.localhost:8083")
    tie(session, without_token, 1, here.partner)
    assert "partners.sync_every_site" in {one.kind for one in frequent_tasks()}
    for _ in range(2):
        assert ask_for_every_reading(session) == 1
    asked = session.scalars(select(Job)).all()
    assert [(one.kind, one.args) for one in asked] == [
        ("partners.sync_cohorts", {"site_id": here.site_id})
    ]
