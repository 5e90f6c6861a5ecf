"""Alembic's entry: runs on the connection that ``lti_tool.store.migrate`` gives."""

from typing import Any, Literal

from alembic import context

from lti_tool.store.base import EncryptedText, ExactDecimal, UtcDateTime
from lti_tool.store.registry import whole_metadata

PLAIN = {
    UtcDateTime: "sa.DateTime(timezone=True)",
    EncryptedText: "sa.Text()",
    ExactDecimal: 'sa.Numeric(15, 5).with_variant(sa.String(20), "sqlite")',
}
"""How our column types are written in a migration, which must not change when they do."""


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types as the plain types that they are in the database."""
    return PLAIN.get(type(item), False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=whole_metadata(),
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
