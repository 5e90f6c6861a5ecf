"""Consents are separate, refusable, only ever added to; the newest counts."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.errors import NotFound
from lti_tool.people.models import Consent, Purpose
from lti_tool.people.service import choices, consent_given, has_answered_notice, record_choices
from lti_tool.people.service import consents as consents_module
from tests.factories import make_person


def test_nobody_has_consented_to_anything_at_first(session: Session) -> None:
    person = make_person(session)
    assert [consent_given(session, person.id, purpose) for purpose in Purpose] == [None] * 4
    assert [choice.given for choice in choices(session, person.id)] == [None] * 4
    assert not has_answered_notice(session, person.id)


def test_the_newest_choice_counts_and_the_older_ones_stay(session: Session) -> None:
    person = make_person(session)
    for given in (True, False, True, False):
        record_choices(session, person_id=person.id, given={Purpose.RESEARCH: given})
    assert consent_given(session, person.id, Purpose.RESEARCH) is False
    rows = session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [row.given for row in rows] == [True, False, True, False]


def test_one_purpose_says_nothing_of_another_nor_of_another_person(session: Session) -> None:
    person, other = make_person(session), make_person(session, "Binta Fictive")
    record_choices(session, person_id=person.id, given={Purpose.ANCHORING: True})
    assert consent_given(session, person.id, Purpose.SHARE_WITH_PARTNER) is None
    assert consent_given(session, other.id, Purpose.ANCHORING) is None


def test_the_same_choice_again_is_not_written_twice(session: Session) -> None:
    person = make_person(session)
    assert len(record_choices(session, person_id=person.id, given={Purpose.RESEARCH: False})) == 1
    assert record_choices(session, person_id=person.id, given={Purpose.RESEARCH: False}) == []


def test_refusing_everything_answers_the_notice_as_well_as_accepting(session: Session) -> None:
    for given in (True, False):
        person = make_person(session)
        record_choices(session, person_id=person.id, given=dict.fromkeys(Purpose, given))
        assert has_answered_notice(session, person.id)


def test_answering_in_part_does_not_answer_the_notice(session: Session) -> None:
    person = make_person(session)
    record_choices(session, person_id=person.id, given={Purpose.ANCHORING: True})
    assert not has_answered_notice(session, person.id)


def test_a_new_notice_is_asked_again_and_what_was_chosen_stands_meanwhile(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_person(session)
    record_choices(session, person_id=person.id, given=dict.fromkeys(Purpose, True))
    monkeypatch.setattr(consents_module, "NOTICE_VERSION", "2099-01")
    assert not has_answered_notice(session, person.id)
    assert consent_given(session, person.id, Purpose.ANCHORING) is True
    (row,) = record_choices(session, person_id=person.id, given={Purpose.ANCHORING: True})
    assert row.notice_version == "2099-01"


def test_each_choice_stands_in_the_journal_without_a_name(session: Session) -> None:
    person = make_person(session)
    (row,) = record_choices(session, person_id=person.id, given={Purpose.PUBLIC_PAGE: False})
    (entry,) = journal.entries_about(session, "consent", row.id)
    assert (entry.action, entry.actor_id) == ("consent.refused", person.id)
    assert person.full_name not in str(entry.basis)


def test_a_person_who_does_not_exist_chooses_nothing(session: Session) -> None:
    with pytest.raises(NotFound):
        record_choices(session, person_id=404, given={Purpose.RESEARCH: True})
