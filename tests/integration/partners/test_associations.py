"""Associations are recorded once, their agreements dated, their people counted on a day."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.errors import NotFound
from lti_tool.partners.agreements import AgreementState
from lti_tool.partners.errors import (
    AlreadySigned,
    NameRefused,
    NameTaken,
    NotAMember,
    PlaceRefused,
    SignatureDateRefused,
)
from lti_tool.partners.leads import current_leads, name_lead
from lti_tool.partners.models import AgreementScope, FrameworkAgreement, Partner
from lti_tool.partners.own_data import affiliations_held
from lti_tool.partners.service import (
    agreements_of,
    edit_partner,
    find_partner,
    list_partners,
    members,
    partner_of_record,
    register_partner,
    sign_agreement,
)
from lti_tool.people.models import Role
from tests.factories import affiliate, make_grant, make_partner, make_person

DAY = date(2026, 9, 1)


def test_an_association_is_recorded_and_found_by_its_public_identifier(session: Session) -> None:
    made = register_partner(
        session, actor_id=None, name="  Association   Te\u0301ranga ", city="Dakar", country="sn"
    )
    found = find_partner(session, made.public_id)
    assert (found.name, found.city, found.country) == ("Association Téranga", "Dakar", "SN")
    (entry,) = journal.entries_about(session, "partner", made.id)
    assert (entry.action, entry.basis) == ("partner.registered", {})
    with pytest.raises(NotFound):
        find_partner(session, str(made.id))


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"name": "  "}, NameRefused),
        ({"name": "x" * 251}, NameRefused),
        ({"name": "ASSOCIATION FICTIVE"}, NameTaken),
        ({"name": "Autre", "city": "x" * 121}, PlaceRefused),
        ({"name": "Autre", "country": "Sénégal"}, PlaceRefused),
    ],
)
def test_an_association_that_cannot_be_recorded_leaves_nothing(
    session: Session, values: dict[str, str], error: type[Exception]
) -> None:
    make_partner(session)
    session.commit()
    with pytest.raises(error):
        register_partner(session, actor_id=None, **values)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Partner)) == 1


def test_a_correction_is_journaled_by_field_and_no_correction_is_not(session: Session) -> None:
    partner = make_partner(session)
    same = {"name": partner.name, "city": partner.city, "country": partner.country}
    edit_partner(session, actor_id=None, partner=partner, **same)
    edit_partner(session, actor_id=None, partner=partner, **(same | {"city": "Thiès"}))
    (entry,) = journal.entries_about(session, "partner", partner.id)
    assert (entry.action, entry.basis) == ("partner.edited", {"fields": ["city"]})
    assert partner.city == "Thiès"


def test_an_association_cannot_take_the_name_of_another(session: Session) -> None:
    make_partner(session, "La Première Fictive")
    second = make_partner(session, "La Seconde Fictive")
    session.commit()
    with pytest.raises(NameTaken):
        edit_partner(session, actor_id=None, partner=second, name="la première fictive")


def test_an_agreement_signed_on_a_leap_day_is_stored_with_its_last_day(session: Session) -> None:
    partner = make_partner(session)
    with time_machine.travel(date(2028, 3, 1)):
        agreement = sign_agreement(
            session,
            actor_id=None,
            partner=partner,
            signed_on=date(2028, 2, 29),
            scope=AgreementScope.TRAINING,
        )
    assert (agreement.ends_on, agreement.scope) == (date(2029, 2, 27), "training")
    (entry,) = journal.entries_about(session, "framework_agreement", agreement.id)
    assert entry.basis["ends_on"] == "2029-02-27"


def test_an_agreement_of_tomorrow_or_of_a_day_already_recorded_is_refused(
    session: Session,
) -> None:
    partner = make_partner(session)
    with time_machine.travel(DAY):
        sign_agreement(session, actor_id=None, partner=partner, signed_on=DAY)
        with pytest.raises(AlreadySigned):
            sign_agreement(session, actor_id=None, partner=partner, signed_on=DAY)
        with pytest.raises(SignatureDateRefused):
            sign_agreement(session, actor_id=None, partner=partner, signed_on=date(2026, 9, 2))
    assert session.scalar(select(func.count()).select_from(FrameworkAgreement)) == 1


def test_renewals_are_listed_the_newest_first(session: Session) -> None:
    partner = make_partner(session)
    for signed_on in (date(2025, 1, 1), date(2026, 1, 1)):
        sign_agreement(session, actor_id=None, partner=partner, signed_on=signed_on)
    assert [one.signed_on.year for one in agreements_of(session, partner.id)] == [2026, 2025]


def test_the_list_counts_the_members_of_the_day_and_says_where_the_agreement_stands(
    session: Session,
) -> None:
    partner, empty = make_partner(session, "B Fictive"), make_partner(session, "A Fictive")
    here, left, not_yet = (make_person(session, f"Personne Fictive {n}") for n in range(3))
    affiliate(session, here, partner)
    affiliate(session, left, partner).until = DAY
    affiliate(session, not_yet, partner, since=date(2026, 9, 2))
    sign_agreement(session, actor_id=None, partner=partner, signed_on=date(2025, 10, 1))
    first, second = list_partners(session, DAY)
    assert (first.partner.id, first.member_count, first.agreement.state) == (
        empty.id,
        0,
        AgreementState.NONE,
    )
    assert (second.partner.id, second.member_count, second.agreement.state) == (
        partner.id,
        1,
        AgreementState.ENDING,
    )
    assert [one.id for one in members(session, partner.id, DAY)] == [here.id]
    assert [one.id for one in members(session, partner.id, date(2026, 8, 31))] == [
        here.id,
        left.id,
    ]


def test_the_partner_of_record_is_the_oldest_affiliation_of_that_day(session: Session) -> None:
    person = make_person(session)
    old, new = make_partner(session, "Ancienne Fictive"), make_partner(session, "Nouvelle Fictive")
    affiliate(session, person, new, since=date(2026, 3, 1))
    affiliate(session, person, old, since=date(2026, 1, 1)).until = date(2026, 6, 1)
    session.flush()

    def on(day: str) -> str | None:
        found = partner_of_record(session, person.id, date.fromisoformat(day))
        return found and found.name

    assert on("2025-12-31") is None
    assert on("2026-01-01") == "Ancienne Fictive"
    assert on("2026-05-31") == "Ancienne Fictive"
    assert on("2026-06-01") == "Nouvelle Fictive"


def test_two_affiliations_of_the_same_day_count_under_the_first_written(session: Session) -> None:
    person = make_person(session)
    first, second = make_partner(session, "Z Fictive"), make_partner(session, "A Fictive")
    affiliate(session, person, first)
    affiliate(session, person, second)
    found = partner_of_record(session, person.id, DAY)
    assert found is not None
    assert found.id == first.id


def test_a_present_member_becomes_lead_once(session: Session) -> None:
    partner, person = make_partner(session), make_person(session)
    affiliate(session, person, partner)
    for _ in range(2):
        name_lead(session, actor_id=None, partner=partner, person_public_id=person.public_id)
    assert [one.person.id for one in current_leads(session, partner.id)] == [person.id]


def test_a_person_of_another_association_cannot_be_named_lead(session: Session) -> None:
    partner, other = make_partner(session), make_partner(session, "Autre Fictive")
    stranger, former = make_person(session), make_person(session, "Ancien Fictif")
    affiliate(session, stranger, other)
    affiliate(session, former, partner).until = date(2026, 2, 1)
    session.commit()
    for person in (stranger, former):
        with pytest.raises(NotAMember):
            name_lead(session, actor_id=None, partner=partner, person_public_id=person.public_id)
    assert current_leads(session, partner.id) == []


def test_leads_of_other_associations_and_other_roles_are_not_listed(session: Session) -> None:
    partner, other = make_partner(session), make_partner(session, "Autre Fictive")
    person = make_person(session)
    make_grant(session, person, Role.PARTNER_LEAD, other)
    make_grant(session, person, Role.COORDINATOR)
    assert current_leads(session, partner.id) == []


def test_a_person_can_see_every_affiliation_held_about_them(session: Session) -> None:
    person, partner = make_person(session), make_partner(session)
    affiliate(session, person, partner).until = date(2026, 2, 1)
    session.flush()
    assert affiliations_held(session, person.id) == [
        {
            "association": partner.name,
            "since": "2026-01-01",
            "until": "2026-02-01",
            "source": "coordinator",
        }
    ]
