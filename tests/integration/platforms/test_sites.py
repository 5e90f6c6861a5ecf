"""Sites are registered by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.errors import Conflict, NotFound
from lti_tool.platforms.errors import AddressPrivate, AddressRefused, FieldMissing, SiteAlreadyKnown
from lti_tool.platforms.fetching import Policy, requesting
from lti_tool.platforms.models import Deployment, Registration, RegistrationState, Site
from lti_tool.platforms.service import (
    SiteState,
    add_registration,
    decide_deployment,
    register_site,
    site_summaries,
)
from tests.factories import make_course, make_site

VALUES = {
    "name": "Moodle fictif",
    "base_url": "https://moodle.example.org/",
    "client_id": "client-1",
    "deployment_id": "1",
}


def register(session: Session, **values: str) -> Site:
    """Register a site."""
    return register_site(session, actor_id=None, **(VALUES | values))


def test_in_production_an_address_inside_our_network_is_refused_unless_a_setting_opens_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requesting, "_configured", [Policy()])
    values = VALUES | {"base_url": "https://10.1.2.3/moodle"}
    with pytest.raises(AddressPrivate):
        register_site(session, actor_id=None, https_only=True, **values)
    assert session.scalars(select(Site)).all() == []

    monkeypatch.setattr(requesting, "_configured", [Policy.of(("10.0.0.0/8",), https_only=True)])
    assert register_site(session, actor_id=None, https_only=True, **values).id


def test_the_lti_addresses_follow_from_the_address_of_the_site(session: Session) -> None:
    site = register(session, base_url="https://example.org/moodle/")
    (registration,) = site.registrations
    assert registration.issuer == "https://example.org/moodle"
    assert registration.auth_login_url == "https://example.org/moodle/mod/lti/auth.php"
    assert registration.token_url == "https://example.org/moodle/mod/lti/token.php"
    assert registration.jwks_url == "https://example.org/moodle/mod/lti/certs.php"
    assert [(d.deployment_id, d.state) for d in registration.deployments] == [
        ("1", RegistrationState.ACTIVE)
    ]
    (entry,) = journal.entries_about(session, "site", site.id)
    assert entry.action == "site.registered"


def test_an_issuer_of_its_own_is_kept(session: Session) -> None:
    site = register(session, issuer=" https://login.example.org ")
    assert site.registrations[0].issuer == "https://login.example.org"


def test_a_site_is_registered_once(session: Session) -> None:
    register(session)
    for values in ({}, {"base_url": "https://moodle.example.org", "client_id": "other"}):
        with pytest.raises(SiteAlreadyKnown):
            register(session, **values)
    assert len(session.scalars(select(Site)).all()) == 1


def test_a_refused_site_leaves_nothing_behind(session: Session) -> None:
    for values in ({"client_id": " "}, {"deployment_id": ""}, {"name": ""}, {"name": "a" * 201}):
        with pytest.raises(FieldMissing) as refused:
            register(session, **values)
        assert refused.value.values["field"] in values
    with pytest.raises(AddressRefused):
        register(session, base_url="nowhere")
    session.commit()
    assert session.scalars(select(Site)).all() == []


def test_the_tool_may_be_added_again_in_the_same_site(session: Session) -> None:
    site = register(session)
    added = add_registration(
        session, actor_id=None, site_id=site.id, client_id="client-2", deployment_id="7"
    )
    assert (added.issuer, added.client_id) == ("https://moodle.example.org", "client-2")
    with pytest.raises(SiteAlreadyKnown):
        add_registration(
            session, actor_id=None, site_id=site.id, client_id="client-2", deployment_id="8"
        )
    assert len(session.scalars(select(Registration)).all()) == 2


def test_a_deployment_is_accepted_then_closed_and_each_act_is_kept(session: Session) -> None:
    site = register(session)
    waiting = Deployment(
        registration_id=site.registrations[0].id,
        deployment_id="9",
        state=RegistrationState.PENDING,
        created_at=site.created_at,
    )
    session.add(waiting)
    session.commit()
    assert site_summaries(session)[0].waiting == 1
    for accept, state in ((True, RegistrationState.ACTIVE), (False, RegistrationState.REFUSED)):
        decide_deployment(
            session, actor_id=None, site_id=site.id, deployment_pk=waiting.id, accept=accept
        )
        assert waiting.state == state
    assert [e.action for e in journal.entries_about(session, "deployment", waiting.id)] == [
        "deployment.accepted",
        "deployment.refused",
    ]
    with pytest.raises(Conflict):
        decide_deployment(
            session, actor_id=None, site_id=site.id, deployment_pk=waiting.id, accept=False
        )


def test_a_deployment_of_another_site_is_not_found(session: Session) -> None:
    site, other = register(session), make_site(session, "https://autre.example.org")
    with pytest.raises(NotFound):
        decide_deployment(
            session,
            actor_id=None,
            site_id=other.id,
            deployment_pk=site.registrations[0].deployments[0].id,
            accept=False,
        )


def test_the_list_says_the_state_of_each_site(session: Session) -> None:
    site = register(session)
    make_course(session, site)
    gone = make_course(session, site)
    gone.gone_at = site.created_at
    session.commit()
    (summary,) = site_summaries(session)
    assert (summary.state, summary.courses, summary.findings) == (SiteState.NO_TOKEN, 1, 0)
