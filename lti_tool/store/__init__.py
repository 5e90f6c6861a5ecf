"""The ground of all tables: declarative base, column types, engine, sessions, migrations.

Owns no table of its own and knows no word of advocacy. Services own ``commit``.
"""

from lti_tool.store.base import Base, EncryptedText, ExactDecimal, UtcDateTime, new_public_id
from lti_tool.store.engine import create_database_engine, create_session_factory, reading
from lti_tool.store.secrets import configure_keyring

__all__ = [
    "Base",
    "EncryptedText",
    "ExactDecimal",
    "UtcDateTime",
    "configure_keyring",
    "create_database_engine",
    "create_session_factory",
    "new_public_id",
    "reading",
]
