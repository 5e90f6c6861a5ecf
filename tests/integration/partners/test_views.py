"""The coordination's pages about the associations; nobody else sees them, leads included."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.jobs.models import Job
from lti_tool.partners.cohorts import cohort_links, tie_cohort
from lti_tool.partners.leads import current_leads
from lti_tool.partners.models import CohortLink, Partner
from lti_tool.partners.service import agreements_of
from lti_tool.people.models import CourseRole, Grant, Person, Role
from lti_tool.platforms.models import Site
from tests.factories import (
    affiliate,
    make_course,
    make_grant,
    make_partner,
    make_person,
    make_site,
    sign_in,
)
from tests.integration.partners.given import propose, waiting
from tests.integration.partners.moodle_peer import serve_recorded_site

BASE = "/coordination/partenaires"
CLOSED_PORT = "http://127.0.0.1:9"


@pytest.fixture
def site(session: Session) -> Site:
    """A site whose Moodle does not answer."""
    made = make_site(session, CLOSED_PORT, token="0" * 32)
    session.commit()
    return made


@pytest.fixture
def partner(session: Session) -> Partner:
    """An association."""
    made = make_partner(session, "Les Voix <Imaginaires>")
    session.commit()
    return made


@pytest.fixture
def coordinator(client: FlaskClient, session: Session) -> Person:
    """A coordinator, signed in."""
    person = make_person(session, "Coordination Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    return person


def test_an_association_is_registered_then_listed(
    client: FlaskClient, session: Session, coordinator: Person
) -> None:
    assert "Aucune association n’est encore enregistrée" in client.get(BASE).text
    answer = client.post(
        f"{BASE}/ajouter",
        data={"name": "Teranga Fictive", "city": "Dakar", "country": "SN"},
        follow_redirects=True,
    )
    assert "Dakar, Sénégal" in answer.text
    listed = client.get(BASE).text
    assert "Teranga Fictive" in listed
    assert "aucun cadre signé" in listed


def test_a_refused_registration_keeps_what_was_written(
    client: FlaskClient, partner: Partner, coordinator: Person
) -> None:
    answer = client.post(
        f"{BASE}/ajouter", data={"name": partner.name, "city": "Thiès", "country": "SN"}
    )
    assert answer.status_code == 409
    assert "déjà enregistrée" in answer.text
    assert 'value="Thiès"' in answer.text
    assert '<option value="SN" selected>' in answer.text


def test_an_association_is_corrected(
    client: FlaskClient, session: Session, partner: Partner, coordinator: Person
) -> None:
    page = f"{BASE}/{partner.public_id}"
    assert "Les Voix &lt;Imaginaires&gt;" in client.get(page).text
    client.post(page, data={"name": "Les Voix", "city": "", "country": ""})
    refused = client.post(page, data={"name": "", "city": "", "country": ""})
    assert refused.status_code == 422
    session.expire_all()
    assert (partner.name, partner.country) == ("Les Voix", "")


def test_an_agreement_is_recorded_and_its_last_day_told(
    client: FlaskClient, session: Session, partner: Partner, coordinator: Person
) -> None:
    address = f"{BASE}/{partner.public_id}/cadres"
    answer = client.post(
        address, data={"signed_on": "2020-03-01", "scope": "training"}, follow_redirects=True
    )
    assert "28 février 2021" in answer.text
    assert "Les certifications déjà délivrées restent valables" in answer.text
    for signed_on in ("2020-03-01", "2999-01-01", "hier", ""):
        refused = client.post(address, data={"signed_on": signed_on, "scope": "both"})
        assert refused.status_code in (409, 422)
    assert client.post(address, data={"signed_on": "2021-03-01"}).status_code == 422
    assert [one.signed_on for one in agreements_of(session, partner.id)] == [date(2020, 3, 1)]


def test_the_cohorts_of_the_site_are_read_live_and_tied_with_their_name(
    client: FlaskClient,
    session: Session,
    partner: Partner,
    coordinator: Person,
    httpserver: HTTPServer,
) -> None:
    serve_recorded_site(httpserver)
    site = make_site(session, httpserver.url_for("").rstrip("/"), token="f" * 32)
    other = make_partner(session, "Autre Fictive")
    tie_cohort(session, actor_id=None, site=site, cohort_id=2, name="Teranga", partner=other)
    address = f"{BASE}/{partner.public_id}/cohortes"
    page = client.get(address).text
    assert "جمعية الخيال" in page
    assert "Asosyasyon Fiktif &amp; Zanmi" in page
    assert page.count("rattachée à une autre association") == 1
    form = {"site": site.id, "number": "4", "name": "Asosyasyon Fiktif & Zanmi"}
    answer = client.post(address, data=form, follow_redirects=True)
    assert "Asosyasyon Fiktif &amp; Zanmi" in answer.text
    assert "déjà rattachée ici" in client.get(address).text


def test_when_moodle_is_silent_the_page_says_so_and_still_takes_a_number(
    client: FlaskClient, session: Session, site: Site, partner: Partner, coordinator: Person
) -> None:
    address = f"{BASE}/{partner.public_id}/cohortes"
    page = client.get(address)
    assert page.status_code == 200
    assert "Le site Moodle est injoignable" in page.text
    answer = client.post(address, data={"site": site.id, "number": "7"}, follow_redirects=True)
    assert "Cohorte n°" in answer.text
    (link,) = cohort_links(session)
    assert (link.site_id, link.cohort_id, link.partner_id) == (site.id, 7, partner.id)
    job = session.scalar(select(Job))
    assert job is not None
    assert (job.kind, job.args) == ("partners.sync_cohorts", {"site_id": site.id})


def test_a_site_without_token_is_told_on_the_page_of_cohorts(
    client: FlaskClient, session: Session, partner: Partner, coordinator: Person
) -> None:
    make_site(session)
    session.commit()
    page = client.get(f"{BASE}/{partner.public_id}/cohortes")
    assert page.status_code == 200
    assert "Aucun jeton" in page.text


@pytest.mark.parametrize("number", ["", "abc", "0", "-4"])
def test_a_number_that_is_no_cohort_is_refused(
    client: FlaskClient,
    session: Session,
    site: Site,
    partner: Partner,
    coordinator: Person,
    number: str,
) -> None:
    answer = client.post(
        f"{BASE}/{partner.public_id}/cohortes", data={"site": site.id, "number": number}
    )
    assert answer.status_code == 422
    assert "Rien n’a été enregistré" in answer.text
    assert cohort_links(session) == []


def test_a_cohort_of_another_association_is_neither_taken_nor_untied_from_here(
    client: FlaskClient, session: Session, site: Site, partner: Partner, coordinator: Person
) -> None:
    other = make_partner(session, "Autre Fictive")
    link = tie_cohort(session, actor_id=None, site=site, cohort_id=7, name="Autre", partner=other)
    address = f"{BASE}/{partner.public_id}/cohortes"
    taken = client.post(address, data={"site": site.id, "number": "7"})
    assert taken.status_code == 409
    untied = client.post(f"{address}/{link.id}/detacher", data={"reason": "x"})
    assert untied.status_code == 404
    assert [one.partner_id for one in cohort_links(session)] == [other.id]


def test_a_cohort_is_untied_with_a_reason(
    client: FlaskClient, session: Session, site: Site, partner: Partner, coordinator: Person
) -> None:
    link = tie_cohort(
        session, actor_id=None, site=site, cohort_id=7, name="La nôtre", partner=partner
    )
    address = f"{BASE}/{partner.public_id}/cohortes/{link.id}/detacher"
    refused = client.post(address, data={"reason": " "})
    assert refused.status_code == 422
    assert "Un motif est nécessaire" in refused.text
    answer = client.post(address, data={"reason": "mauvaise cohorte"}, follow_redirects=True)
    assert "Cohorte détachée" in answer.text
    session.expire_all()
    assert session.get_one(CohortLink, link.id).untied_at is not None


def test_cohorts_of_no_association_are_listed_with_their_size_hidden_ones_too_and_tied(
    client: FlaskClient,
    session: Session,
    partner: Partner,
    coordinator: Person,
    httpserver: HTTPServer,
) -> None:
    serve_recorded_site(httpserver)
    site = make_site(session, httpserver.url_for("").rstrip("/"), token="f" * 32)
    tie_cohort(session, actor_id=None, site=site, cohort_id=1, name="x", partner=partner)
    page = client.get(f"{BASE}/cohortes").text
    assert "Les Voix Imaginaires" not in page
    assert "جمعية الخيال" in page
    assert "ASSO-03 · 15 personnes · masquée dans Moodle" in page
    form = {"site": site.id, "cohort": "3", "partner": partner.public_id}
    assert client.post(f"{BASE}/cohortes", data=form | {"cohort": ""}).status_code == 422
    assert client.post(f"{BASE}/cohortes", data=form | {"partner": ""}).status_code == 404
    assert client.post(f"{BASE}/cohortes", data=form).status_code == 303
    assert [link.cohort_id for link in cohort_links(session, partner_id=partner.id)] == [3, 1]


def test_the_names_are_seen_before_one_press_takes_the_whole_list(
    client: FlaskClient, session: Session, site: Site, partner: Partner, coordinator: Person
) -> None:
    link = tie_cohort(
        session, actor_id=None, site=site, cohort_id=7, name="La nôtre", partner=partner
    )
    people = [make_person(session, name, site) for name in ("خديجة المثالية", "Awa <Fictive>")]
    seen = [propose(session, one, link) for one in people][-1]
    address = f"{BASE}/{partner.public_id}/propositions"
    page = client.get(address).text
    assert "خديجة المثالية" in page
    assert "Awa &lt;Fictive&gt;" in page
    assert "2 propositions des cohortes" in client.get(f"{BASE}/{partner.public_id}").text
    late = propose(session, make_person(session, "Arrivée Après"), link)
    form, late_id = {"whole": "1", "link": link.id, "kind": "begin", "seen": seen.id}, late.id
    answer = client.post(address, data=form, follow_redirects=True)
    assert "2 personnes appartiennent désormais à l’association." in answer.text
    session.expire_all()
    assert [one.id for one in waiting(session)] == [late_id]
    session.commit()
    again = client.post(address, data=form, follow_redirects=True)
    assert "a été laissé tel quel" in again.text


def test_people_ticked_are_accepted_or_set_aside_with_a_reason(
    client: FlaskClient, session: Session, site: Site, partner: Partner, coordinator: Person
) -> None:
    link = tie_cohort(
        session, actor_id=None, site=site, cohort_id=7, name="La nôtre", partner=partner
    )
    one, two = (
        propose(session, make_person(session, f"Personne Fictive {n}"), link) for n in (1, 2)
    )
    address = f"{BASE}/{partner.public_id}/propositions"
    ticked = {"proposal": one.id, "link": link.id, "kind": "begin"}
    assert client.post(address, data={}).status_code == 422
    refused = client.post(f"{address}/ecarter", data=ticked | {"reason": " "})
    assert refused.status_code == 422
    assert f'value="{one.id}" checked' in refused.text
    page = client.post(
        f"{address}/ecarter", data=ticked | {"reason": "n’adhère plus"}, follow_redirects=True
    )
    assert "1 proposition écartée." in page.text
    assert "n’adhère plus" in page.text
    assert client.post(address, data={"whole": "1", "kind": "vol"}).status_code == 422
    client.post(address, data={"proposal": two.id})
    client.post(f"{address}/reprendre", data=ticked)
    session.expire_all()
    assert [row.id for row in waiting(session)] == [ticked["proposal"]]


def test_a_proposal_of_another_association_is_not_decided_from_here(
    client: FlaskClient, session: Session, site: Site, partner: Partner, coordinator: Person
) -> None:
    other = make_partner(session, "Autre Fictive")
    link = tie_cohort(session, actor_id=None, site=site, cohort_id=7, name="Autre", partner=other)
    theirs = propose(session, make_person(session), link)
    address = f"{BASE}/{partner.public_id}/propositions"
    form = {"proposal": theirs.id, "reason": "x"}
    client.post(address, data=form)
    client.post(f"{address}/ecarter", data=form)
    client.post(address, data={"whole": 1, "link": link.id, "kind": "begin", "seen": theirs.id})
    session.expire_all()
    assert [one.id for one in waiting(session, other)] == [theirs.id]


def test_reading_the_members_is_queued_once_and_its_progress_shown(
    client: FlaskClient, session: Session, site: Site, partner: Partner, coordinator: Person
) -> None:
    tie_cohort(session, actor_id=None, site=site, cohort_id=7, name="La nôtre", partner=partner)
    for _ in range(2):
        page = client.post(f"{BASE}/{partner.public_id}/membres", follow_redirects=True).text
    (job,) = session.scalars(select(Job))
    assert job.asked_by == coordinator.id
    assert "Lecture des membres" in page
    assert f"/travaux/{job.public_id}" in page


def test_a_member_becomes_lead_and_others_cannot(
    client: FlaskClient, session: Session, partner: Partner, coordinator: Person
) -> None:
    member, stranger = make_person(session, "Membre Fictive"), make_person(session)
    affiliate(session, member, partner)
    session.commit()
    address = f"{BASE}/{partner.public_id}/referents"
    for wrong in (stranger.public_id, str(member.id), ""):
        refused = client.post(address, data={"person": wrong})
        assert refused.status_code == 422
    answer = client.post(address, data={"person": member.public_id}, follow_redirects=True)
    assert "Membre Fictive suit maintenant cette association." in answer.text
    session.expire_all()
    assert [one.person.id for one in current_leads(session, partner.id)] == [member.id]
    grant = session.scalar(select(Grant).where(Grant.role == Role.PARTNER_LEAD))
    assert grant is not None
    assert grant.granted_by == coordinator.id


def test_namesakes_are_told_apart_where_a_lead_is_chosen(
    client: FlaskClient, session: Session, site: Site, partner: Partner, coordinator: Person
) -> None:
    for number in ("41", "42"):
        affiliate(session, make_person(session, "Jean Fictif", site, subject=number), partner)
    session.commit()
    page = client.get(f"{BASE}/{partner.public_id}").text
    assert "Jean Fictif (41)" in page
    assert "Jean Fictif (42)" in page


def test_an_unknown_association_does_not_exist(client: FlaskClient, coordinator: Person) -> None:
    assert client.get(f"{BASE}/inconnue").status_code == 404
    assert client.post(f"{BASE}/inconnue/membres").status_code == 404


@pytest.mark.parametrize("who", ["nobody", "learner", "trainer", "lead"])
def test_nobody_but_a_coordinator_sees_or_changes_an_association(
    client: FlaskClient, session: Session, site: Site, partner: Partner, who: str
) -> None:
    person = make_person(session)
    affiliate(session, person, partner)
    link = tie_cohort(session, actor_id=None, site=site, cohort_id=7, name="x", partner=partner)
    courses = {}
    if who in ("learner", "trainer"):
        courses = {make_course(session, site).id: CourseRole(who)}
    if who == "lead":
        make_grant(session, person, Role.PARTNER_LEAD, partner)
    if who != "nobody":
        sign_in(client, session, person, courses)
    session.commit()
    expected = 401 if who == "nobody" else 404
    own = f"{BASE}/{partner.public_id}"
    reads = (BASE, f"{BASE}/ajouter", f"{BASE}/cohortes", own, f"{own}/cohortes")
    for address in (*reads, f"{own}/propositions"):
        assert client.get(address).status_code == expected
    proposal = propose(session, person, link)
    form = {
        "proposal": proposal.id,
        "partner": partner.public_id,
        "cohort": 8,
        "name": "Volée",
        "signed_on": "2026-01-01",
        "scope": "both",
        "site": site.id,
        "number": 8,
        "reason": "x",
        "person": person.public_id,
    }
    for address in (
        f"{BASE}/ajouter",
        own,
        f"{own}/cadres",
        f"{own}/cohortes",
        f"{own}/cohortes/{link.id}/detacher",
        f"{own}/membres",
        f"{own}/referents",
        f"{own}/propositions",
        f"{own}/propositions/ecarter",
        f"{own}/propositions/reprendre",
        f"{BASE}/cohortes",
    ):
        assert client.post(address, data=form).status_code == expected
    session.expire_all()
    assert session.scalars(select(Partner.name)).all() == ["Les Voix <Imaginaires>"]
    assert len(cohort_links(session)) == 1
    assert agreements_of(session, partner.id) == []
    assert session.scalar(select(Job)) is None
    assert [one.id for one in waiting(session)] == [proposal.id]
