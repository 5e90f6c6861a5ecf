"""Addresses that no row can have do not exist, on both engines; a failed query tells no value."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.people.models import Role
from tests.factories import make_grant, make_person, sign_in


@pytest.mark.parametrize(
    "address",
    [
        f"/coordination/sites/{2**31}",
        f"/coordination/sites/{2**63}",
        f"/coordination/sites/{2**200}",
        f"/coordination/cartographie/cours/{2**63}",
        "/coordination/partenaires/%00",
        "/travaux/%00",
        "/lti/keys/%00.jwk",
        "/verifier/%00",
    ],
)
def test_an_address_that_no_row_can_have_does_not_exist(
    client: FlaskClient, session: Session, address: str
) -> None:
    person = make_person(session, "Coordination Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)

    assert client.get(address).status_code == 404


def test_a_failed_statement_tells_none_of_its_values(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as failed:
        connection.execute(text("SELECT :name FROM no_such_table"), {"name": "Awa Fictive"})

    assert "Awa Fictive" not in str(failed.value)


@pytest.mark.parametrize("name", ["Association\x00Fictive", "É" * 150])
def test_a_form_that_the_database_cannot_store_is_no_crash(
    client: FlaskClient, session: Session, name: str
) -> None:
    person = make_person(session, "Coordination Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)

    answer = client.post("/coordination/partenaires/ajouter", data={"name": name, "country": "SN"})

    assert answer.status_code < 500
    assert "Content-Security-Policy" in answer.headers
