"""Secrets encrypted again: the old key can leave the list, and nothing is lost or readable."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.errors import ConfigurationError
from lti_tool.platforms.keys import signing_key
from lti_tool.platforms.models import Site, ToolKey
from lti_tool.settings import Settings
from lti_tool.store import configure_keyring
from lti_tool.store.reencryption import encrypted_columns, reencrypt_everything
from tests.factories import make_site

TOKEN = "a" * 32


def test_every_secret_column_is_known() -> None:
    names = {f"{column.table.name}.{column.name}" for column in encrypted_columns()}
    assert {"access_token.token", "site.token", "tool_key.private_pem"} <= names


def test_an_old_key_can_be_taken_away_afterwards(
    session: Session, sessions: sessionmaker[Session], settings: Settings
) -> None:
    old = settings.secret_keys[0].get_secret_value()
    new = Fernet.generate_key().decode()
    make_site(session, token=TOKEN)
    make_site(session, "http://autre.localhost:8082", token=None)
    pem = signing_key(session).private_pem
    session.commit()
    configure_keyring([new, old])
    done = reencrypt_everything(sessions)
    assert (done["site.token"], done["tool_key.private_pem"]) == (1, 1)
    configure_keyring([new])
    session.expire_all()
    assert list(session.scalars(select(Site.token).order_by(Site.id))) == [TOKEN, None]
    assert session.scalars(select(ToolKey)).one().private_pem == pem
    assert TOKEN not in session.execute(text("SELECT max(token) FROM site")).scalar_one()
    configure_keyring([old])
    session.expire_all()
    with pytest.raises(ConfigurationError):
        session.scalars(select(Site.token)).all()


def test_a_secret_that_no_key_opens_stops_with_a_clear_line(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    make_site(session, token=TOKEN)
    session.commit()
    configure_keyring([Fernet.generate_key().decode()])
    with pytest.raises(ConfigurationError, match="ANCRAGE_SECRET_KEYS"):
        reencrypt_everything(sessions)
