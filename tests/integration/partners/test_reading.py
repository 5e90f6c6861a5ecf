"""Cohorts propose affiliations; accepted, people arrive, leave and come back, and nothing is erased."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import journal
from lti_tool.errors import NotFound
from lti_tool.jobs.models import Job, JobState
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.partners import tasks
from lti_tool.partners.cohorts import (
    ask_for_reading,
    cohort_links,
    latest_reading,
    tie_cohort,
    untie_cohort,
)
from lti_tool.partners.errors import CohortRefused, CohortTaken, UntieReasonNeeded
from lti_tool.partners.models import Affiliation, AffiliationProposal, CohortLink, Partner
from lti_tool.partners.reading import CohortReading, sync_cohort_members
from lti_tool.partners.service import members, partner_of_record
from lti_tool.people.models import Account
from lti_tool.platforms.models import Site
from lti_tool.settings import Settings
from moodle_client import Unreachable
from tests.factories import affiliate, make_partner, make_person, make_site
from tests.integration.partners.given import accept_all, waiting
from tests.integration.partners.moodle_peer import MoodlePeer, serve_recorded_site

FIRST, SECOND, THIRD = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def site(session: Session) -> Site:
    """A site, alone."""
    made = make_site(session)
    session.commit()
    return made


@pytest.fixture
def peer() -> MoodlePeer:
    """The recorded site."""
    return MoodlePeer()


def tie(session: Session, site: Site, cohort_id: int, partner: Partner) -> CohortLink:
    """Tie a cohort whose name is not known yet."""
    return tie_cohort(
        session, actor_id=None, site=site, cohort_id=cohort_id, name="", partner=partner
    )


def read(session: Session, peer: MoodlePeer, site: Site, on: date = FIRST) -> CohortReading:
    """Read the cohorts on a day."""
    with time_machine.travel(on):
        return sync_cohort_members(session, peer, site)


def person_of(session: Session, site: Site, user_id: int) -> int:
    """The person behind a Moodle account."""
    found = session.scalar(
        select(Account.person_id).where(Account.site_id == site.id, Account.subject == str(user_id))
    )
    assert found is not None
    return found


def periods(session: Session, person_id: int) -> list[tuple[date, date | None]]:
    """Days of a person's affiliations, the first first."""
    rows = session.execute(
        select(Affiliation.since, Affiliation.until)
        .where(Affiliation.person_id == person_id)
        .order_by(Affiliation.id)
    )
    return [(since, until) for since, until in rows]


def settle(session: Session, peer: MoodlePeer, site: Site, on: date = FIRST) -> CohortReading:
    """Read the cohorts on a day, and accept all that they propose."""
    reading = read(session, peer, site, on)
    with time_machine.travel(on):
        accept_all(session)
    return reading


def test_the_four_recorded_cohorts_give_61_affiliations_to_60_people(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    partners = {n: make_partner(session, f"Association Fictive {n}") for n in (1, 2, 3, 4)}
    for number, partner in partners.items():
        tie(session, site, number, partner)
    reading = read(session, peer, site)
    assert reading == CohortReading(
        cohorts=4, members=60, proposed=61, overtaken=0, not_shown=0, gone=(), untied=0
    )
    assert session.scalar(select(func.count()).select_from(Affiliation)) == 0
    with time_machine.travel(FIRST):
        accept_all(session)
    assert session.scalar(select(func.count()).select_from(Account)) == 60
    in_two = person_of(session, site, 8)
    assert len(periods(session, in_two)) == 2
    assert [len(members(session, one.id, FIRST)) for one in partners.values()] == [16, 15, 15, 15]
    recorded = partner_of_record(session, in_two, FIRST)
    assert recorded is not None
    assert recorded.id == partners[1].id


def test_reading_again_changes_nothing_and_asks_for_no_account_again(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    tie(session, site, 1, make_partner(session))
    assert read(session, peer, site).untied == 3
    for _ in range(2):
        again = read(session, peer, site, SECOND)
        assert (again.proposed, again.overtaken) == (0, 0)
        accept_all(session)
    assert peer.asked == [("members", 1), ("users", 16), ("members", 1), ("members", 1)]


def test_the_name_of_the_cohort_and_the_moment_of_the_reading_are_kept(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    link = tie(session, site, 3, make_partner(session))
    assert (link.cohort_name, link.read_at) == ("", None)
    read(session, peer, site)
    assert link.cohort_name == "جمعية الخيال / Jam'iyya al-Khayal (Casablanca)"
    assert link.read_at is not None
    assert link.read_at.date() == FIRST


def test_an_account_known_from_a_launch_keeps_its_person(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    partner = make_partner(session)
    known = make_person(session, "Nom Donné Au Lancement", site, subject="7")
    tie(session, site, 1, partner)
    settle(session, peer, site)
    assert known.id in {one.id for one in members(session, partner.id, FIRST)}
    assert known.full_name == "Nom Donné Au Lancement"


def test_the_same_number_on_another_site_is_another_person(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    elsewhere = make_site(session, "http://autre.localhost:8082")
    stranger = make_person(session, "Autre Fictive", elsewhere, subject="7")
    partner = make_partner(session)
    tie(session, site, 1, partner)
    settle(session, peer, site)
    assert stranger.id not in {one.id for one in members(session, partner.id, FIRST)}


def test_who_leaves_the_cohort_stops_belonging_that_day_and_may_come_back(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    partner = make_partner(session)
    tie(session, site, 1, partner)
    settle(session, peer, site)
    leaver = person_of(session, site, 31)
    everyone = peer.members[1]
    peer.members[1] = tuple(one for one in everyone if one != 31)
    assert settle(session, peer, site, SECOND).proposed == 1
    assert periods(session, leaver) == [(FIRST, SECOND)]
    assert leaver in {one.id for one in members(session, partner.id, date(2026, 9, 30))}
    assert leaver not in {one.id for one in members(session, partner.id, SECOND)}
    peer.members[1] = everyone
    assert settle(session, peer, site, THIRD).proposed == 1
    assert periods(session, leaver) == [(FIRST, SECOND), (THIRD, None)]
    actions = session.scalars(
        select(journal.JournalEntry.action)
        .where(journal.JournalEntry.action.startswith("affiliation."))
        .order_by(journal.JournalEntry.id)
    ).all()
    # Sixteen come first; then one who leaves and comes back.
    assert actions[-6:] == [
        "affiliation.proposed",
        "affiliation.ended",
        "affiliation.accepted",
        "affiliation.proposed",
        "affiliation.accepted",
        "affiliation.begun",
    ]


def test_a_cohort_that_is_empty_proposes_that_all_leave_and_ends_nothing_by_itself(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    partner = make_partner(session)
    tie(session, site, 1, partner)
    settle(session, peer, site)
    peer.members[1] = ()
    assert read(session, peer, site, SECOND).proposed == 16
    assert len(members(session, partner.id, SECOND)) == 16
    with time_machine.travel(SECOND):
        accept_all(session)
    assert members(session, partner.id, SECOND) == []


def test_a_cohort_that_moodle_lost_keeps_its_people_and_is_told(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    partner = make_partner(session)
    link = tie(session, site, 1, partner)
    settle(session, peer, site)
    lost = peer.members.pop(1)
    reading = read(session, peer, site, SECOND)
    assert (reading.cohorts, reading.proposed) == (0, 0)
    assert reading.gone == ("Association « Les Voix Imaginaires » (Marseille)",)
    assert link.gone_at is not None
    assert len(members(session, partner.id, SECOND)) == 16
    peer.members[1] = lost
    read(session, peer, site, THIRD)
    assert link.gone_at is None


def test_who_moves_to_another_cohort_of_the_association_stays_without_a_gap(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    partner = make_partner(session)
    tie(session, site, 1, partner)
    second = tie(session, site, 2, partner)
    settle(session, peer, site)
    mover = person_of(session, site, 31)
    peer.members[1] = tuple(one for one in peer.members[1] if one != 31)
    peer.members[2] = (*peer.members[2], 31)
    assert read(session, peer, site, SECOND).proposed == 0
    assert periods(session, mover) == [(FIRST, None)]
    untie_cohort(session, actor_id=None, link_id=second.id, reason="mauvaise cohorte")
    assert periods(session, mover)[0][1] is not None


def test_an_affiliation_written_by_a_coordinator_is_never_ended_by_a_cohort(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    partner = make_partner(session)
    person = make_person(session, "Bénévole Fictive", site, subject="31")
    affiliate(session, person, partner, since=date(2026, 1, 1))
    tie(session, site, 1, partner)
    assert settle(session, peer, site).proposed == 15
    peer.members[1] = ()
    assert settle(session, peer, site, SECOND).proposed == 15
    assert periods(session, person.id) == [(date(2026, 1, 1), None)]


def test_a_member_whom_moodle_hides_is_counted_and_not_invented(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    partner = make_partner(session)
    tie(session, site, 1, partner)
    peer.hidden = {7, 8}
    reading = read(session, peer, site)
    assert (reading.members, reading.not_shown, reading.proposed) == (16, 2, 14)


def test_nothing_is_locked_while_moodle_answers(
    session: Session, sessions: sessionmaker[Session], site: Site, peer: MoodlePeer
) -> None:
    tie(session, site, 1, make_partner(session))
    names = iter(range(100))

    def write_meanwhile() -> None:
        with sessions() as other:
            make_partner(other, f"Écrite pendant la lecture {next(names)}")
            other.commit()

    peer.before_answer = write_meanwhile
    assert read(session, peer, site).proposed == 16


def test_a_site_without_tied_cohort_is_not_asked_anything(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    assert read(session, peer, site).cohorts == 0
    assert peer.asked == []


def test_a_cohort_untied_while_moodle_answers_proposes_nothing(
    session: Session, sessions: sessionmaker[Session], site: Site, peer: MoodlePeer
) -> None:
    partner = make_partner(session)
    link = tie(session, site, 1, partner)

    def untie_meanwhile() -> None:
        peer.before_answer = lambda: None
        with sessions() as other:
            untie_cohort(other, actor_id=None, link_id=link.id, reason="erreur")

    peer.before_answer = untie_meanwhile
    assert read(session, peer, site).proposed == 0
    assert waiting(session) == []


def test_a_cohort_belongs_to_one_association_at_a_time(session: Session, site: Site) -> None:
    first, second = make_partner(session), make_partner(session, "Autre Fictive")
    link = tie(session, site, 1, first)
    assert tie(session, site, 1, first).id == link.id
    with pytest.raises(CohortTaken):
        tie(session, site, 1, second)
    with pytest.raises(CohortRefused):
        tie(session, site, 0, second)
    assert [one.partner_id for one in cohort_links(session, site_id=site.id)] == [first.id]


def test_a_cohort_tied_by_mistake_is_untied_with_a_reason_and_tied_elsewhere(
    session: Session, site: Site, peer: MoodlePeer
) -> None:
    wrong, right = make_partner(session), make_partner(session, "La Bonne Fictive")
    link = tie(session, site, 1, wrong)
    settle(session, peer, site)
    with pytest.raises(UntieReasonNeeded):
        untie_cohort(session, actor_id=None, link_id=link.id, reason="")
    with pytest.raises(NotFound):
        untie_cohort(session, actor_id=None, link_id=link.id, reason="x", partner_id=right.id)
    with time_machine.travel(FIRST):
        ended = untie_cohort(session, actor_id=None, link_id=link.id, reason="mauvaise cohorte")
    assert ended == 16
    assert members(session, wrong.id, FIRST) == []
    with pytest.raises(NotFound):
        untie_cohort(session, actor_id=None, link_id=link.id, reason="encore")
    session.rollback()
    tie(session, site, 1, right)
    assert settle(session, peer, site).proposed == 16
    assert len(members(session, right.id, FIRST)) == 16


def test_the_job_reads_the_cohorts_and_leaves_what_it_found(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    peer: MoodlePeer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tie(session, site, 1, make_partner(session))
    asker = make_person(session)
    job = ask_for_reading(session, site_id=site.id, asked_by=asker.id)
    assert ask_for_reading(session, site_id=site.id, asked_by=asker.id).id == job.id
    monkeypatch.setattr(tasks, "client_for", lambda _site, _settings: peer)
    assert run_due_jobs(sessions, settings) == 1
    session.expire_all()
    done = latest_reading(session, site.id)
    assert done is not None
    assert (done.state, done.progress_done, done.progress_total) == (JobState.DONE, 16, 16)
    assert done.result is not None
    assert (done.result["members"], done.result["proposed"], done.result["gone"]) == (16, 16, [])
    entry = session.scalar(
        select(journal.JournalEntry).where(journal.JournalEntry.action == "affiliation.proposed")
    )
    assert entry is not None
    assert entry.actor_id == asker.id


def test_the_job_reads_a_site_over_http(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    httpserver: HTTPServer,
) -> None:
    serve_recorded_site(httpserver)
    site = make_site(session, httpserver.url_for("").rstrip("/"), token="f" * 32)
    partners = {n: make_partner(session, f"Association Fictive {n}") for n in (1, 2, 3, 4)}
    for number, partner in partners.items():
        tie(session, site, number, partner)
    ask_for_reading(session, site_id=site.id, asked_by=None)
    run_due_jobs(sessions, settings)
    session.expire_all()
    job = session.scalar(select(Job))
    assert job is not None
    assert job.state == JobState.DONE, job.error_code
    assert session.scalar(select(func.count()).select_from(AffiliationProposal)) == 61
    names = session.scalars(select(CohortLink.cohort_name).order_by(CohortLink.cohort_id)).all()
    assert names[3] == "Asosyasyon Fiktif & Zanmi (Port-au-Prince)"


def test_the_job_keeps_the_code_of_what_moodle_answered_and_changes_nothing(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    peer: MoodlePeer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tie(session, site, 1, make_partner(session))

    def fail() -> None:
        raise Unreachable

    peer.before_answer = fail
    ask_for_reading(session, site_id=site.id, asked_by=None)
    monkeypatch.setattr(tasks, "client_for", lambda _site, _settings: peer)
    run_due_jobs(sessions, settings)
    session.expire_all()
    job = session.scalar(select(Job))
    assert job is not None
    assert (job.state, job.error_code) == (JobState.QUEUED, "MOODLE-UNREACHABLE")
    assert session.scalar(select(func.count()).select_from(AffiliationProposal)) == 0


def test_the_job_on_a_site_without_token_says_so(
    session: Session, sessions: sessionmaker[Session], settings: Settings, site: Site
) -> None:
    tie(session, site, 1, make_partner(session))
    ask_for_reading(session, site_id=site.id, asked_by=None)
    run_due_jobs(sessions, settings)
    session.expire_all()
    job = session.scalar(select(Job))
    assert job is not None
    assert (job.state, job.error_code) == (JobState.FAILED, "PLT-NO-TOKEN")
