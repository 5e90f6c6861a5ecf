"""What holds for every address of the tool, also those to come: walls, forms, frames.

Rows 31, 36 and 42 of the security cases. The addresses are those of the application itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Rule

from lti_tool import clock
from lti_tool.app import CSRF_EXEMPT
from lti_tool.certification.service.evidence import submit_evidence
from lti_tool.jobs import enqueue
from lti_tool.people.models import CourseRole, Role
from lti_tool.platforms.models import Registration, RegistrationState, Site
from lti_tool.platforms.service.origins import forget_origins
from tests.factories import (
    affiliate,
    make_course,
    make_domain,
    make_grant,
    make_partner,
    make_person,
    make_site,
    map_course,
    sign_in,
)
from tests.integration.certification.given import an_action
from tests.integration.issued import certify, follow
from tests.security.forge import registration_of

FOR_ANYONE = {
    "static": "files of the tool, the same for everybody",
    "lti.key": "a public key of the tool",
    "credentials.verify": "anyone may verify a certificate, by a code that nobody can guess",
}
"""Addresses with a variable part that is no right of a person."""
EXEMPT = {
    "lti.login": "comes from a platform; begins a login and nothing else",
    "lti.launch": "comes from a platform; state, nonce and cookie protect it",
    "people.leave": "carries a signed ticket that names the visit it ends, and uses no cookie",
    "people.open_new_tab": "comes from our own origin, with a ticket used once",
    "registration.register": "carries its invitation, and uses no cookie",
}
"""Posts that carry no CSRF token, and why nobody can forge them."""


@pytest.fixture
def there(session: Session) -> tuple[list[int], list[str], dict[str, Any]]:
    """What exists on one site, for one association: its numbers, its public names, its people."""
    site = make_site(session)
    course = make_course(session, site)
    domain = make_domain(session)
    map_course(session, course, domain)
    partner = make_partner(session, "Association d’ici")
    people = {name: make_person(session, f"{name} Fictive", site) for name in ("Awa", "Lead", "Bo")}
    affiliate(session, people["Awa"], partner)
    make_grant(session, people["Lead"], Role.PARTNER_LEAD, partner)
    make_grant(session, people["Bo"], Role.COORDINATOR)
    certificate = certify(session, people["Awa"], domain=make_domain(session, 6))
    case = follow(session, people["Awa"], domain=make_domain(session, 5))
    session.commit()
    evidence = submit_evidence(
        session,
        author_id=people["Awa"].id,
        course_id=course.id,
        domain_id=domain.id,
        form=an_action(happened_on=clock.now().date()),
    )
    job = enqueue(session, "grades.pull", {"course_id": course.id}, asked_by=people["Bo"].id)
    session.commit()
    names = [partner.public_id, evidence.public_id, job.public_id, case.public_id]
    names += [certificate.award.public_id, people["Awa"].public_id]
    # The numbers of both sites begin apart: 1 is of here, whatever the table.
    return [course.id, site.id, 1], names, {**people, "course": course, "partner": partner}


@pytest.fixture
def strangers(app: Flask, session: Session, there: Any) -> dict[str, FlaskClient]:
    """People of another site and association with every right there, and a classmate from here."""
    other = make_site(session, "https://ailleurs.example.test")
    session.add_all(make_course(session, other) for _ in range(3))
    course = make_course(session, other)
    partner = make_partner(session, "Association d’ailleurs")
    learner = make_person(session, "Apprenante Ailleurs", other)
    trainer = make_person(session, "Formateur Ailleurs", other)
    lead = make_person(session, "Référente Ailleurs", other)
    affiliate(session, learner, partner)
    make_grant(session, lead, Role.PARTNER_LEAD, partner)
    found: dict[str, FlaskClient] = {"nobody": app.test_client()}
    for name, person, courses in (
        ("learner", learner, {course.id: CourseRole.LEARNER}),
        ("trainer", trainer, {course.id: CourseRole.TRAINER}),
        ("lead", lead, {course.id: CourseRole.LEARNER}),
    ):
        found[name] = app.test_client()
        sign_in(found[name], session, person, courses)
    return found


def guarded(app: Flask) -> Iterator[Rule]:
    """The addresses with a variable part, but those for anyone."""
    for rule in app.url_map.iter_rules():
        if rule.arguments and rule.endpoint not in FOR_ANYONE:
            yield rule


def addresses(app: Flask, rule: Rule, numbers: list[int], names: list[str]) -> Iterator[str]:
    """Every address that the rule makes of what exists here."""
    build = app.url_map.bind("tool.localhost").build
    choices = [
        numbers if isinstance(rule._converters[name], IntegerConverter) else names
        for name in sorted(rule.arguments)
    ]
    for values in itertools.product(*choices):
        yield build(rule.endpoint, dict(zip(sorted(rule.arguments), values, strict=True)))


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


@pytest.mark.parametrize("who", ["nobody", "learner", "trainer", "lead"])
def test_a_stranger_finds_nothing_at_any_address_with_a_number_or_a_name(
    client: FlaskClient, app: Flask, there: Any, strangers: dict[str, FlaskClient], who: str
) -> None:
    numbers, names, _people = there
    wanted = {401, 404} if who == "nobody" else {404}
    tried = 0
    for rule in guarded(app):
        for address in addresses(app, rule, numbers, names):
            for method in methods(rule):
                answer = strangers[who].open(address, method=method)
                assert answer.status_code in wanted, f"{who}: {method} {address}"
                tried += 1
    assert tried > 100


def test_a_classmate_finds_nothing_of_another_learner(
    client: FlaskClient, app: Flask, session: Session, there: Any
) -> None:
    _numbers, names, people = there
    classmate = app.test_client()
    person = make_person(session, "Camarade Fictive", people["course"].site)
    sign_in(classmate, session, person, {people["course"].id: CourseRole.LEARNER})
    tried = 0
    for rule in guarded(app):
        if "public_id" not in rule.arguments:
            continue
        for address in addresses(app, rule, [people["course"].id], names):
            for method in methods(rule):
                answer = classmate.open(address, method=method)
                assert answer.status_code == 404, f"{method} {address}"
                tried += 1
    assert tried > 50


def test_those_addresses_are_there_for_those_who_may(
    client: FlaskClient, app: Flask, session: Session, there: Any
) -> None:
    """Else the tests above would hold for addresses that answer nobody."""
    numbers, names, people = there
    course = people["course"].id
    browsers = []
    for person, role in (
        ("Awa", CourseRole.LEARNER),
        ("Lead", CourseRole.LEARNER),
        ("Bo", CourseRole.TRAINER),
    ):
        browsers.append(app.test_client())
        sign_in(browsers[-1], session, people[person], {course: role})
    reached = {
        rule.endpoint
        for rule in guarded(app)
        if "GET" in methods(rule)
        for address in addresses(app, rule, numbers, names)
        if any(one.get(address).status_code < 400 for one in browsers)
    }
    assert {
        "certification.own_evidence",
        "certification.path",
        "credentials.download",
        "jobs.progress",
        "platforms.site",
        "reports.cohort",
    } <= reached


def test_every_post_wants_its_csrf_token(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever posts: the rights of every view are taken away first, so that only the token is left."""
    for view in app.view_functions.values():
        if hasattr(view, "access_check"):
            monkeypatch.setattr(view, "access_check", None)
    browser = app.test_client()
    posts = 0
    for rule in app.url_map.iter_rules():
        if "POST" not in methods(rule) or rule.endpoint in CSRF_EXEMPT:
            continue
        for address in addresses(app, rule, [1], ["x"]):
            answer = browser.post(address, data={"name": "x"})
            assert answer.status_code == 400, address
            assert "<code>WEB-CSRF</code>" in answer.get_data(as_text=True), address
            posts += 1
    assert posts > 20


def test_a_post_without_a_csrf_token_says_why_nobody_can_forge_it() -> None:
    assert set(CSRF_EXEMPT) <= set(EXEMPT)


def test_a_method_that_changes_something_is_a_post(app: Flask) -> None:
    """CSRF tokens are asked for on these alone."""
    others = {
        rule.endpoint: sorted(rule.methods or ())
        for rule in app.url_map.iter_rules()
        if set(rule.methods or ()) - {"GET", "HEAD", "OPTIONS", "POST"}
    }
    assert others == {}


def ancestors(client: FlaskClient) -> list[str]:
    policy = client.get("/verifier").headers["Content-Security-Policy"]
    [line] = [part for part in policy.split("; ") if part.startswith("frame-ancestors")]
    return line.split()[1:]


def test_only_registered_platforms_that_are_active_may_frame_the_tool(
    client: FlaskClient, session: Session
) -> None:
    sites = [
        make_site(session, address)
        for address in ("https://un.example.test", "https://deux.example.test/moodle")
    ]
    refused, waiting = (
        make_site(session, f"https://{name}.example.test") for name in ("trois", "quatre")
    )
    registration_of(session, refused).state = RegistrationState.REFUSED
    registration_of(session, waiting).state = RegistrationState.PENDING
    session.commit()
    forget_origins()

    assert ancestors(client) == ["'self'", "https://un.example.test", "https://deux.example.test"]

    close(session, sites[0])
    forget_origins()
    assert ancestors(client) == ["'self'", "https://deux.example.test"]


def test_without_any_platform_nobody_frames_the_tool(client: FlaskClient) -> None:
    assert ancestors(client) == ["'self'"]


def close(session: Session, site: Site) -> None:
    """Refuse the site's registration, and keep another that only waits."""
    first = registration_of(session, site)
    first.state = RegistrationState.REFUSED
    session.add(
        Registration(
            site_id=site.id,
            issuer=first.issuer,
            client_id="client-2",
            auth_login_url=first.auth_login_url,
            token_url=first.token_url,
            jwks_url=first.jwks_url,
            state=RegistrationState.PENDING,
            created_at=clock.now(),
        )
    )
    session.commit()
