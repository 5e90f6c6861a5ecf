"""Encrypts every stored secret again with the newest key, so that an old key can be taken away.

Looks at the tables themselves: a column that a room declares ``EncryptedText`` is found here.
"""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, select, type_coerce, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.store.base import EncryptedText
from lti_tool.store.registry import whole_metadata
from lti_tool.store.secrets import reencrypt


def encrypted_columns() -> list[Column[str]]:
    """Return every encrypted column of the database, by table and name."""
    tables = sorted(whole_metadata().tables.values(), key=lambda table: table.name)
    return [
        column
        for table in tables
        for column in table.columns
        if isinstance(column.type, EncryptedText)
    ]


def reencrypt_everything(sessions: sessionmaker[Session]) -> dict[str, int]:
    """Encrypt every secret with the newest key; return ``table.column`` → how many.

    One short transaction a value: nobody waits, and a value that changes meanwhile is left as it
    is, because whoever wrote it used the newest key already. May be run again at any time.

    Raises:
        ConfigurationError: a value that none of the keys opens; what was done before it stays.
    """
    return {
        f"{column.table.name}.{column.name}": _reencrypt_column(sessions, column)
        for column in encrypted_columns()
    }


def _reencrypt_column(sessions: sessionmaker[Session], column: Column[str]) -> int:
    table = column.table
    assert isinstance(table, Table)  # noqa: S101  # for the type: a mapped column has a table
    (key,) = table.primary_key.columns
    raw = type_coerce(column, Text)
    with sessions() as session:
        stored = session.execute(select(key, raw).where(column.is_not(None))).all()
    for number, before in stored:
        with sessions.begin() as session:
            session.execute(
                update(table)
                .where(key == number, raw == before)
                .values({column.name: type_coerce(reencrypt(before), Text)})
            )
    return len(stored)
