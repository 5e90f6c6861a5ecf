"""Anyone verifies a code: what a certificate is worth, and nothing of the person behind it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import event
from sqlalchemy.orm import Session

from lti_tool.certification.models import AwardState
from lti_tool.credentials.models import Certificate, NameShown
from lti_tool.credentials.numbers import grouped, new_code
from lti_tool.people.models import Person, Purpose
from lti_tool.people.service import record_choices
from tests.integration.issued import HIDDEN_MARK

# One engine is enough for the words and headers of a page that only reads.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MENTION = "Cette certification n’est pas enregistrée au RNCP ni au Répertoire spécifique."


def shape(page: str) -> str:
    """The page without what every request has of its own."""
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    page = re.sub(r'name="next" value="[^"]*"', "", page)
    page = re.sub(r'href="/verifier/[^"]*"', "", page)
    page = re.sub(r'<span class="print-only">.*?</span>', "", page)
    return re.sub(r'(id="code"[^>]*) value="[^"]*"', r"\1", page)


def test_anyone_reads_what_a_valid_certificate_attests(
    client: FlaskClient, certificate: Certificate
) -> None:
    answer = client.get(f"/verifier/{certificate.code}")
    assert answer.status_code == 200
    for said in (
        "certificat valide",
        "RMP-ADL\N{NO-BREAK SPACE}4",
        certificate.award.domain.label_fr,
        "L’Atelier Des Luttes",
        "mars 2026",
        "Par la voie de la formation",
        certificate.number,
        "a satisfait aux critères d’évaluation",
    ):
        assert str(escape(said)) in answer.text


def test_n5_the_page_names_nobody_by_default_nor_a_partner_place_day_or_mark(
    client: FlaskClient, certificate: Certificate
) -> None:
    page = client.get(f"/verifier/{certificate.code}").text
    for kept in ("Aïssatou", "Discrète", "17 mars", "2026-03-17", str(HIDDEN_MARK), "réel :"):
        assert kept not in page


def test_n16_every_page_of_verification_says_that_no_register_holds_it(
    client: FlaskClient, certificate: Certificate
) -> None:
    for path in ("/verifier", f"/verifier/{certificate.code}", "/verifier/ABCD"):
        assert MENTION in client.get(path).text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AwardState.REVOKED, "a été révoqué"),
        (AwardState.REPLACED, "a été remplacé"),
        (AwardState.EXPIRED, "sa durée de validité est passée"),
    ],
)
def test_a_certificate_that_is_no_longer_valid_says_so(
    client: FlaskClient, session: Session, certificate: Certificate, state: AwardState, said: str
) -> None:
    certificate.award.state = state
    session.commit()
    answer = client.get(f"/verifier/{certificate.code}")
    assert answer.status_code == 200
    assert said in answer.text
    assert "certificat valide" not in answer.text


def test_a_suspended_certificate_says_only_that_it_is_being_checked(
    client: FlaskClient, session: Session, certificate: Certificate, holder: Person
) -> None:
    certificate.name_shown = NameShown.FULL_NAME
    record_choices(session, person_id=holder.id, given={Purpose.PUBLIC_PAGE: True})
    certificate.award.state = AwardState.SUSPENDED
    session.commit()
    page = client.get(f"/verifier/{certificate.code}").text
    assert "en cours de vérification" in page
    for kept in ("suspendu", "Aïssatou", certificate.award.domain.code):
        assert kept not in page


def test_n5_unknown_and_malformed_codes_give_the_same_page_after_the_same_queries(
    client: FlaskClient, session: Session, certificate: Certificate
) -> None:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    client.get("/verifier")
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    seen = []
    for code in (new_code(), "ABCD", "é", "A" * 200, f"{certificate.code[:-1]}!"):
        statements.clear()
        answer = client.get(f"/verifier/{code}")
        seen.append((answer.status_code, shape(answer.text), tuple(statements)))
    event.remove(engine, "before_cursor_execute", note)
    assert seen[0][0] == 404
    assert "certificat inconnu" in seen[0][1]
    assert seen[0][2]
    assert len(set(seen)) == 1


@pytest.mark.parametrize("path", ["/verifier", "/verifier/{code}", "/verifier/inconnu"])
def test_a_page_that_holds_a_code_stays_out_of_engines_caches_and_referrers(
    client: FlaskClient, certificate: Certificate, path: str
) -> None:
    answer = client.get(path.format(code=certificate.code))
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex' in answer.text


def test_a_typed_code_leads_to_its_page(client: FlaskClient, certificate: Certificate) -> None:
    answer = client.get("/verifier", query_string={"code": f" {grouped(certificate.code).lower()}"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/verifier/{certificate.code}"
    strange = client.get("/verifier", query_string={"code": "../a?b"})
    assert strange.headers["Location"] == "/verifier/AB"
    assert "Écrivez le code" in client.get("/verifier?code=%20").text


def test_too_many_codes_from_one_address_wait_a_minute(
    client: FlaskClient, certificate: Certificate
) -> None:
    answers = [client.get(f"/verifier/{certificate.code}").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_the_page_speaks_english(client: FlaskClient, certificate: Certificate) -> None:
    page = client.get(f"/verifier/{certificate.code}?lang=en").text
    assert '<html lang="en"' in page
    assert str(escape(certificate.award.domain.label_en)) in page
    assert "March 2026" in page
