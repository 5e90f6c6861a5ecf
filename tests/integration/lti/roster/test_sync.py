"""The roster of a course against the demonstration's Moodle: who comes, who leaves, what goes wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.demo.moodle.courses import Enrolment as MoodleEnrolment
from lti_tool.demo.moodle.people import Person as MoodlePerson
from lti_tool.jobs import JobState, find_job
from lti_tool.jobs.interruptions import TakenOver
from lti_tool.jobs.runner import run_due_jobs, run_next
from lti_tool.lti.models import ContextServices, Member
from lti_tool.lti.roster.errors import RosterUnfit
from lti_tool.lti.roster.reading import read_members
from lti_tool.lti.roster.service import (
    BATCH,
    RosterRead,
    ask_for_roster,
    roster_read_at,
    sync_roster,
)
from lti_tool.lti.services.errors import ServiceAddressRefused, ServicesUnknown, ServiceUnreachable
from lti_tool.lti.services.wire import Answer, exchange
from lti_tool.people.models import Account, CourseRole, Person
from lti_tool.people.sessions import create_session, load_viewer
from lti_tool.platforms.models import Course
from lti_tool.settings import Settings
from tests.factories import make_course, make_person, make_site
from tests.integration.lti.services.conftest import COURSE, Peer


def present(session: Session) -> set[str]:
    found = session.scalars(
        select(Account.subject)
        .join(Member, Member.account_id == Account.id)
        .where(Member.gone_at.is_(None))
    )
    subjects = set(found)
    session.rollback()
    return subjects


def enrolled(peer: Peer) -> set[str]:
    return {
        str(one.person)
        for one in peer.site.world.enrolments_in(COURSE)
        if one.is_active(peer.site.now)
    }


def enrolment_of(peer: Peer, subject: str) -> MoodleEnrolment:
    found = peer.site.world.enrolment(COURSE, int(subject))
    assert found is not None
    return found


def sync(peer: Peer, **values: Any) -> RosterRead:
    return sync_roster(peer.sessions, peer.course_id, **values)


def test_the_roster_is_what_moodle_lists(peer: Peer, session: Session) -> None:
    done = sync(peer)
    assert present(session) == enrolled(peer)
    assert (done.members, done.arrived, done.gone) == (len(enrolled(peer)), len(enrolled(peer)), 0)
    assert roster_read_at(session, peer.course_id) is not None


def test_a_second_reading_changes_nothing(peer: Peer, session: Session) -> None:
    sync(peer)
    accounts = session.scalar(select(func.count()).select_from(Account))
    session.rollback()
    again = sync(peer)
    assert (again.arrived, again.gone) == (0, 0)
    assert session.scalar(select(func.count()).select_from(Account)) == accounts


def test_who_leaves_is_noted_and_who_comes_back_is_there_again(
    peer: Peer, session: Session
) -> None:
    sync(peer)
    leaver = min(enrolled(peer))
    enrolment_of(peer, leaver).suspended = True
    assert sync(peer).gone == 1
    assert leaver not in present(session)
    enrolment_of(peer, leaver).suspended = False
    back = sync(peer)
    assert (back.arrived, back.gone) == (1, 0)
    assert leaver in present(session)


def test_a_reading_cut_half_way_says_of_nobody_that_they_left(
    peer: Peer, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(peer)
    before, read_at = present(session), roster_read_at(session, peer.course_id)
    session.rollback()
    leaver = min(enrolled(peer))
    enrolment_of(peer, leaver).suspended = True
    monkeypatch.setattr("lti_tool.lti.roster.service.BATCH", 10)

    def killed(done: int, total: int | None = None) -> None:
        if total and done >= 20:
            raise TakenOver

    with pytest.raises(TakenOver):
        sync(peer, progress=killed)
    assert present(session) == before
    assert roster_read_at(session, peer.course_id) == read_at


def test_pages_that_stop_half_way_say_of_nobody_that_they_left(
    peer: Peer, session: Session
) -> None:
    sync(peer)
    before = present(session)
    paged = _paged(peer, fail_on=2)
    with pytest.raises(ServiceUnreachable):
        sync(peer, send=paged)
    assert present(session) == before


def _paged(peer: Peer, *, fail_on: int = 0, answer: Any = None) -> Any:
    """A platform that pages by itself, ten at a time, and fails on one page."""
    pages = []

    def send(method: str, address: str, **values: Any) -> Answer:
        if "memberships" in address:
            pages.append(address)
            if fail_on and len(pages) >= fail_on:
                raise ServiceUnreachable("test")
            if answer is not None and len(pages) > 1:
                return Answer(200, b'{"members": []}', answer, address)
            address += "" if "limit=" in address else "?limit=10"
        return exchange(method, address, **values)

    return send


def test_a_platform_that_pages_is_read_to_its_end(peer: Peer, session: Session) -> None:
    assert sync(peer, send=_paged(peer)).members == len(enrolled(peer))
    assert present(session) == enrolled(peer)


def test_a_next_page_elsewhere_is_refused_before_a_token_goes_there(
    peer: Peer, session: Session
) -> None:
    """Row 37."""
    send = _paged(peer, answer={"Link": '<http://evil.test/members?from=10>; rel="next"'})
    with pytest.raises(ServiceAddressRefused):
        sync(peer, send=send)
    assert present(session) == set()


def test_pages_that_turn_in_circles_end(peer: Peer, session: Session) -> None:
    send = _paged(peer, answer={"Link": f'<{peer.members_url}>; rel="next"'})
    with pytest.raises(RosterUnfit):
        sync(peer, send=send)
    assert present(session) == set()


def test_a_reading_says_that_it_goes_on_before_each_answer_it_waits_for(peer: Peer) -> None:
    """Else a slow platform costs the job its lease: taken over each time, it never fails nor ends."""
    paged, events = _paged(peer), list[str]()

    def send(method: str, address: str, **values: Any) -> Answer:
        events.append("asked")
        return paged(method, address, **values)

    sync(peer, send=send, progress=lambda _done, _total=None: events.append("told"))

    asked = [place for place, event in enumerate(events) if event == "asked"]
    assert len(asked) > 2
    assert {events[place - 1] for place in asked} == {"told"}


def _endless(peer: Peer, elapse: Callable[[], object] = lambda: None) -> Any:
    """A platform whose pages never end and all bring somebody new."""

    def send(method: str, address: str, **values: Any) -> Answer:
        if "memberships" not in address:
            return exchange(method, address, **values)
        elapse()
        page = int(address.partition("from=")[2] or 0) + 1
        members = [{"user_id": f"{page}-{number}", "roles": []} for number in range(10)]
        following = {"Link": f'<{peer.members_url}?from={page}>; rel="next"'}
        return Answer(200, json.dumps({"members": members}).encode(), following, address)

    return send


def test_more_people_than_any_course_has_do_not_fill_the_memory(
    peer: Peer, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lti_tool.lti.roster.reading.MAX_MEMBERS", 25)
    send = _endless(peer)
    with pytest.raises(RosterUnfit):
        sync(peer, send=send)
    assert present(session) == set()


def test_pages_that_each_take_two_minutes_do_not_keep_a_worker(
    peer: Peer, session: Session
) -> None:
    asked: list[None] = []
    with time_machine.travel(clock.now(), tick=False) as travel:

        def elapse() -> None:
            asked.append(None)
            travel.shift(timedelta(minutes=2))

        with pytest.raises(RosterUnfit):
            sync(peer, send=_endless(peer, elapse))
    assert len(asked) == 6
    assert present(session) == set()


def test_an_earlier_reading_that_ends_later_changes_nothing(peer: Peer, session: Session) -> None:
    leaver = min(enrolled(peer))

    def slow(method: str, address: str, **values: Any) -> Answer:
        answer = exchange(method, address, **values)
        if "memberships" in address:
            enrolment_of(peer, leaver).suspended = True
            with clock.set_to(clock.now() + timedelta(seconds=1)):
                sync(peer)
        return answer

    sync(peer, send=slow)
    assert leaver not in present(session)


def test_an_account_known_by_its_number_is_the_same_person(peer: Peer, session: Session) -> None:
    subject = min(enrolled(peer))
    site = session.get_one(Course, peer.course_id).site
    person = make_person(session, "Nom & d’un lancement", site, subject)
    session.commit()
    sync(peer)
    account = session.scalars(select(Account).where(Account.subject == subject)).one()
    assert account.person_id == person.id
    assert account.full_name == "Nom & d’un lancement"
    assert account.person.full_name == "Nom & d’un lancement"


def test_the_same_number_or_address_on_another_site_is_somebody_else(
    peer: Peer, session: Session
) -> None:
    """Row 39: an e-mail address joins nobody, and is not even kept."""
    subject = min(enrolled(peer))
    elsewhere = make_person(
        session, "Autre Fictive", make_site(session, "http://autre.test"), subject
    )
    session.commit()
    sync(peer)
    rows = session.scalars(select(Account).where(Account.subject == subject)).all()
    assert len({row.person_id for row in rows}) == 2
    assert elsewhere.id in {row.person_id for row in rows}
    stored = json.dumps([row.full_name + row.idnumber for row in session.scalars(select(Account))])
    assert "@" not in stored


def test_names_are_plain_and_in_their_own_script(peer: Peer, session: Session) -> None:
    sync(peer)
    names = set(session.scalars(select(Person.full_name)))
    assert {
        person.fullname
        for person in (peer.site.world.people[int(subject)] for subject in enrolled(peer))
        if person.fullname.isascii() or "\u0600" <= person.fullname[0] <= "\u06ff"
    } <= names
    assert not any("&amp;" in name for name in names)
    assert any("\u0600" <= sign <= "\u06ff" for name in names for sign in name)


def test_a_suspended_account_with_an_active_enrolment_is_listed(
    peer: Peer, session: Session
) -> None:
    subject = min(enrolled(peer))
    peer.site.world.people[int(subject)].suspended = True
    sync(peer)
    assert subject in present(session)


def test_only_those_who_may_open_an_activity_are_asked_by_its_number(peer: Peer) -> None:
    activities = peer.site.world.activities_of(COURSE)
    activity = next(one for one in activities if one.modname == "lti")
    members = read_members(peer.roster(), peer.members_url, link_id=str(activity.instance))
    assert {member.subject for member in members} == enrolled(peer)


def test_two_thousand_people_come_in_batches(peer: Peer, session: Session) -> None:
    world = peer.site.world
    role = enrolment_of(peer, min(enrolled(peer))).role
    for number in range(5000, 7000):
        world.people[number] = MoodlePerson(number, f"charge{number}", f"P{number}", "Fictif·ve")
        world.enrolments.append(MoodleEnrolment(COURSE, number, role))
    told: list[tuple[int, int | None]] = []
    done = sync(peer, progress=lambda done, total=None: told.append((done, total)))
    assert done.members == len(enrolled(peer)) > 2000
    assert len(present(session)) == done.members
    assert told[-1] == (done.members, done.members)
    assert sum(total is not None for _done, total in told) == -(-done.members // BATCH) + 1


def test_a_job_reads_it_and_tells_what_it_counted(
    peer: Peer, session: Session, settings: Settings
) -> None:
    job = ask_for_roster(session, peer.course_id, None)
    assert ask_for_roster(session, peer.course_id, None).id == job.id
    session.commit()
    assert run_due_jobs(peer.sessions, settings) == 1
    session.expire_all()
    done = find_job(session, job.public_id)
    assert done.state == JobState.DONE
    assert done.result == {
        "members": done.progress_total,
        "arrived": done.progress_total,
        "left": 0,
    }


def test_of_two_workers_rung_at_once_one_reads(
    peer: Peer, session: Session, settings: Settings
) -> None:
    ask_for_roster(session, peer.course_id, None)
    session.commit()
    ran: list[bool] = []
    workers = [
        threading.Thread(target=lambda: ran.append(run_next(peer.sessions, settings)))
        for _worker in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(ran) == [False, True]
    assert present(session) == enrolled(peer)


def test_a_moodle_that_is_down_keeps_the_list_and_is_asked_again(
    peer: Peer, session: Session, settings: Settings
) -> None:
    sync(peer)
    before = present(session)
    services = session.scalars(select(ContextServices)).one()
    services.memberships_url = services.registration.issuer = "http://127.0.0.1:1/members"
    job = ask_for_roster(session, peer.course_id, None)
    run_due_jobs(peer.sessions, settings)
    session.expire_all()
    waiting = find_job(session, job.public_id)
    assert (waiting.state, waiting.error_code) == (JobState.QUEUED, "LTI-SERVICE-UNREACHABLE")
    assert present(session) == before


def test_a_course_never_launched_has_no_roster_to_read(peer: Peer, session: Session) -> None:
    course = make_course(session, session.get_one(Course, peer.course_id).site)
    with pytest.raises(ServicesUnknown):
        ask_for_roster(session, course.id, None)
    session.rollback()


def test_a_roster_without_names_makes_people_without_names(peer: Peer, session: Session) -> None:
    def nameless(method: str, address: str, **values: Any) -> Answer:
        answer = exchange(method, address, **values)
        if "memberships" not in address:
            return answer
        kept = ("user_id", "roles", "status")
        members = [{key: one[key] for key in kept} for one in answer.document()["members"]]
        return Answer(200, json.dumps({"members": members}).encode(), {}, address)

    sync(peer, send=nameless)
    assert set(session.scalars(select(Person.full_name))) == {"—"}
    session.rollback()
    sync(peer)
    assert "—" not in set(session.scalars(select(Person.full_name)))


def test_who_left_loses_the_course_in_the_sessions_opened_before(
    peer: Peer, session: Session
) -> None:
    sync(peer)
    leaver, stays = sorted(enrolled(peer))[:2]
    tokens = {}
    for subject in (leaver, stays):
        account = session.scalars(select(Account).where(Account.subject == subject)).one()
        _browser, tokens[subject] = create_session(
            session, account.person_id, {peer.course_id: CourseRole.LEARNER}
        )
    session.commit()
    enrolment_of(peer, leaver).suspended = True

    sync(peer)

    session.expire_all()
    opened = {subject: load_viewer(session, token) for subject, token in tokens.items()}
    assert [list(one.courses) for one in opened.values() if one] == [[], [peer.course_id]]
