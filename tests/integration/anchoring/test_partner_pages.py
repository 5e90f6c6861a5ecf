"""The lead's page through a browser: blind before the answer, only what is shared after it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, Confirmation, Wave
from lti_tool.anchoring.service.answers import ReportForm, answer_wave, confirm_wave
from lti_tool.anchoring.service.confirming import member_cases
from lti_tool.anchoring.service.reading import waves_by_domain, waves_to_confirm
from lti_tool.partners.models import Affiliation
from lti_tool.people.models import Purpose, Role
from lti_tool.people.service import record_choices
from lti_tool.platforms.models import Course
from tests.factories import affiliate, make_grant, make_person, sign_in
from tests.integration.anchoring.conftest import (
    AFTER_WAVE_3,
    IN_WAVE_3,
    Association,
    launch,
    make_association,
    make_member_case,
    wave_of,
)
from tests.integration.issued import follow, noon, prove

PASSED_ON = ReportForm(5, 4, 2, 3, "Mots que personne ne lit")


def section(page: str, heading: str) -> str:
    """One section of the page, by the id of its heading, with ordinary spaces."""
    start = page.index(f'aria-labelledby="{heading}"')
    return re.sub(r"\s+", " ", page[start : page.index("</section>", start)])


def visible(page: str) -> str:
    """The text of a page, for a comparison of two of them."""
    return " ".join(re.sub(r"<[^>]+>|value=\"[^\"]*\"", " ", page.split("<main")[1]).split())


def confirmations(session: Session) -> list[tuple[int, int | None]]:
    """What was recorded: wave, level."""
    rows = session.execute(select(Confirmation.wave_id, Confirmation.level)).all()
    session.commit()
    return [(wave_id, level) for wave_id, level in rows]


def test_several_members_are_confirmed_at_once_and_the_others_wait(
    client: FlaskClient, session: Session, association: Association
) -> None:
    cases = [
        make_member_case(session, association, name)
        for name in ("Awa Fictive", "Binta Fictive", "Chloé Fictive")
    ]
    first, second, third = (wave_of(case, 3) for case in cases)
    with clock.set_to(noon(IN_WAVE_3)):
        sign_in(client, session, association.lead)
        assert "(3)" in client.get(association.address).text
        answer = client.post(
            association.address,
            data={
                f"level-{first.public_id}": "2",
                f"comment-{first.public_id}": "Atelier mené seule",
                f"level-{second.public_id}": "unknown",
                f"level-{third.public_id}": "",
            },
        )
        assert (answer.status_code, answer.location) == (303, association.address)
        page = client.get(association.address).text
    assert "2 réponses enregistrées" in page
    assert "(1)" in page
    assert sorted(confirmations(session)) == [(first.id, 2), (second.id, None)]
    assert sorted(session.scalars(select(Confirmation.comment))) == ["", "Atelier mené seule"]


def test_the_lead_answers_blind(
    client: FlaskClient,
    session: Session,
    association: Association,
    course: Course,
    case: AnchoringCase,
) -> None:
    with clock.set_to(noon(IN_WAVE_3)):
        sign_in(client, session, association.lead)
        before = visible(client.get(association.address).text)
        answer_wave(session, wave_of(case, 3), person_id=case.person_id, form=PASSED_ON)
        prove(session, case, course, date(2026, 2, 1), date(2026, 3, 15))
        after = visible(client.get(association.address).text)
    assert before == after
    assert "après votre réponse" in after


def test_once_answered_the_established_level_shows_for_who_shares_alone(
    client: FlaskClient, session: Session, association: Association, case: AnchoringCase
) -> None:
    discreet = make_member_case(session, association, "Discrète Fictive", shares=False)
    with clock.set_to(noon(IN_WAVE_3)):
        for one in (case, discreet):
            answer_wave(session, wave_of(one, 3), person_id=one.person_id, form=PASSED_ON)
            confirm_wave(session, wave_of(one, 3), lead_id=association.lead.id, level=2)
        found = {
            one.case.id: one.waves[1].established
            for one in member_cases(session, association.partner.id, IN_WAVE_3)
        }
        sign_in(client, session, association.lead)
        people = section(client.get(association.address).text, "personnes")
    assert found[case.id] is not None
    assert found[case.id].level == 2
    assert found[discreet.id] is None
    assert "non partagé" in people
    assert "Mots que personne ne lit" not in people


def test_n8_who_does_not_share_is_in_no_figure_chart_or_description(
    client: FlaskClient, session: Session, association: Association, case: AnchoringCase
) -> None:
    discreet = make_member_case(session, association, "Discrète Fictive", shares=False)
    with clock.set_to(noon(IN_WAVE_3)):
        answer_wave(session, wave_of(discreet, 3), person_id=discreet.person_id, form=PASSED_ON)
        confirm_wave(session, wave_of(discreet, 3), lead_id=association.lead.id, level=3)
        confirm_wave(session, wave_of(case, 3), lead_id=association.lead.id, level=1)
    (line,) = waves_by_domain(session, association.partner.id, AFTER_WAVE_3)
    assert (line.cases, line.not_shared) == (2, 1)
    assert line.summaries[3].at_level == (0, 1, 0, 0)
    assert line.summaries[3].eligible == 1
    with clock.set_to(noon(AFTER_WAVE_3)):
        sign_in(client, session, association.lead)
        figures = section(client.get(association.address).text, "vagues")
    assert "L’une n’est pas partagée" in figures
    # The waves at the start and at 3 months are closed: nobody answered the first.
    assert "1 sur 1 (100 %)" in figures
    assert "0 sur 1 (0 %)" in figures


def test_rates_carry_their_bounds_and_their_counts(
    client: FlaskClient, session: Session, association: Association
) -> None:
    # The second wave of the worked cohort of §2.6: ten answers of twelve, five at level 2 or more.
    levels = [2, 2, 1, 1, 2, 1, None, 3, None, 2, 0, 1]
    answers = {
        0: ReportForm(0, 0, 0, 0),
        1: ReportForm(1, 1, 0, 0),
        2: ReportForm(2, 2, 1, 0),
        3: ReportForm(2, 2, 1, 2),
    }
    with clock.set_to(noon(IN_WAVE_3)):
        for number, level in enumerate(levels):
            case = make_member_case(session, association, f"Membre Fictif {number}")
            if level is not None:
                wave = wave_of(case, 3)
                answer_wave(session, wave, person_id=case.person_id, form=answers[level])
                confirm_wave(session, wave, lead_id=association.lead.id, level=level)
    with clock.set_to(noon(AFTER_WAVE_3)):
        sign_in(client, session, association.lead)
        figures = section(client.get(association.address).text, "vagues")
    assert "10 sur 12 (83 %)" in figures
    assert re.search(r"50 % des répondant\S+ \(entre 42 % et 58 % de l’ensemble\)", figures)


@pytest.mark.parametrize("method", ["get", "post"])
def test_n1_the_page_of_another_association_does_not_exist(
    client: FlaskClient,
    session: Session,
    association: Association,
    case: AnchoringCase,
    method: str,
) -> None:
    other = make_association(session, "Autre Association")
    sign_in(client, session, other.lead)
    wave = wave_of(case, 3)
    with clock.set_to(noon(IN_WAVE_3)):
        sign_in(client, session, other.lead)
        answer = client.open(
            association.address, method=method, data={f"level-{wave.public_id}": "1"}
        )
    assert answer.status_code == 404
    assert confirmations(session) == []


def test_n1_a_wave_of_another_association_in_a_post_records_nothing_at_all(
    client: FlaskClient, session: Session, association: Association, case: AnchoringCase
) -> None:
    other = make_association(session, "Autre Association")
    own = wave_of(make_member_case(session, other, "Membre Fictif"), 3)
    foreign = wave_of(case, 3)
    with clock.set_to(noon(IN_WAVE_3)):
        sign_in(client, session, other.lead)
        for data in (
            {f"level-{own.public_id}": "1", f"level-{foreign.public_id}": "3"},
            {f"level-{own.public_id}": "1", f"comment-{foreign.public_id}": "?"},
            {f"level-{own.public_id}": "1", "level-guess": "1"},
        ):
            assert client.post(other.address, data=data).status_code == 404
        assert "Awa" not in client.get(other.address).text
    assert confirmations(session) == []


def test_who_left_the_association_is_no_longer_its_lead_s_to_see(
    client: FlaskClient, session: Session, association: Association, case: AnchoringCase
) -> None:
    wave = wave_of(case, 3)
    (affiliation,) = session.scalars(
        select(Affiliation).where(Affiliation.person_id == case.person_id)
    )
    affiliation.until = IN_WAVE_3
    with clock.set_to(noon(IN_WAVE_3)):
        sign_in(client, session, association.lead)
        assert "Awa" not in client.get(association.address).text
        answer = client.post(association.address, data={f"level-{wave.public_id}": "1"})
    assert answer.status_code == 404


def test_a_lead_is_not_asked_about_themselves(
    client: FlaskClient, session: Session, association: Association
) -> None:
    affiliate(session, association.lead, association.partner)
    own = wave_of(follow(session, association.lead, partner=association.partner), 3)
    partner_id = association.partner.id
    assert waves_to_confirm(session, partner_id, IN_WAVE_3, association.lead.id) == []
    session.commit()
    with clock.set_to(noon(IN_WAVE_3)):
        sign_in(client, session, association.lead)
        client.post(association.address, data={f"level-{own.public_id}": "3"})
        assert "On ne confirme pas son propre niveau" in client.get(association.address).text
    assert confirmations(session) == []


def test_who_refused_the_follow_up_is_not_asked_about(
    client: FlaskClient, session: Session, association: Association, case: AnchoringCase
) -> None:
    record_choices(session, person_id=case.person_id, given={Purpose.ANCHORING: False})
    with clock.set_to(noon(IN_WAVE_3)):
        sign_in(client, session, association.lead)
        page = client.get(association.address).text
    assert "Rien à confirmer aujourd’hui" in page
    assert "Awa Fictive" not in page


def test_the_second_lead_who_answers_reads_that_it_was_done(
    client: FlaskClient, session: Session, association: Association, case: AnchoringCase
) -> None:
    wave = wave_of(case, 3)
    second = make_person(session, "Seconde Référente")
    make_grant(session, second, Role.PARTNER_LEAD, association.partner)
    with clock.set_to(noon(IN_WAVE_3)):
        confirm_wave(session, wave, lead_id=association.lead.id, level=1)
        sign_in(client, session, second)
        client.post(association.address, data={f"level-{wave.public_id}": "3"})
        assert "déjà été enregistrée pour cette vague" in client.get(association.address).text
    assert confirmations(session) == [(wave.id, 1)]


@pytest.mark.parametrize(
    ("level", "comment", "field"),
    [("", "Je l’ai vue agir", "level"), ("2", "x" * 1001, "comment")],
)
def test_a_form_with_errors_keeps_what_was_written_and_records_nothing(
    client: FlaskClient,
    session: Session,
    association: Association,
    case: AnchoringCase,
    level: str,
    comment: str,
    field: str,
) -> None:
    wave = wave_of(case, 3)
    with clock.set_to(noon(IN_WAVE_3)):
        sign_in(client, session, association.lead)
        answer = client.post(
            association.address,
            data={f"level-{wave.public_id}": level, f"comment-{wave.public_id}": comment},
        )
    assert answer.status_code == 422
    assert f'href="#{field}-{wave.public_id}"' in answer.text
    assert comment in answer.text
    assert confirmations(session) == []


def test_a_level_that_the_form_does_not_offer_is_refused(
    client: FlaskClient, session: Session, association: Association, case: AnchoringCase
) -> None:
    wave = wave_of(case, 3)
    with clock.set_to(noon(IN_WAVE_3)):
        sign_in(client, session, association.lead)
        answer = client.post(association.address, data={f"level-{wave.public_id}": "4"})
    assert answer.status_code == 422
    assert confirmations(session) == []


def test_a_learner_of_the_association_does_not_open_its_lead_s_page(
    client: FlaskClient,
    session: Session,
    association: Association,
    case: AnchoringCase,
    course: Course,
) -> None:
    launch(client, session, case.person, course)
    assert client.get(association.address).status_code == 404


def test_an_association_without_certification_reads_what_will_appear(
    client: FlaskClient, session: Session, association: Association
) -> None:
    sign_in(client, session, association.lead)
    page = client.get(association.address).text
    assert "Rien à confirmer aujourd’hui" in page
    assert "Pas encore de niveaux" in page


def test_the_baseline_looks_at_what_was_done_before(
    client: FlaskClient, session: Session, course: Course, case: AnchoringCase
) -> None:
    wave: Wave = wave_of(case, 0)
    with clock.set_to(noon(date(2026, 1, 20))):
        launch(client, session, case.person, course)
        page = client.get(f"/cours/{course.id}/ancrage/{wave.public_id}").text
    assert "avant d’être certifié·e" in page
