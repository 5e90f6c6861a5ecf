"""Migrations go up, down and up again on both engines, and say what the models say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.journal import JournalEntry
from lti_tool.store import create_database_engine
from lti_tool.store.migrate import current_revision, differences, downgrade, head_revision, upgrade
from lti_tool.store.registry import whole_metadata


@pytest.fixture
def empty(empty_database_url: str) -> Engine:
    """An engine on an empty database."""
    engine = create_database_engine(empty_database_url)
    yield engine
    engine.dispose()


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_migrations_go_up_down_and_up_and_equal_the_models(empty: Engine) -> None:
    upgrade(empty)
    assert current_revision(empty) == head_revision()
    assert differences(empty) == []
    downgrade(empty)
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    upgrade(empty)
    assert differences(empty) == []


def test_indexes_are_the_same_as_the_models_on_both_engines(empty: Engine) -> None:
    upgrade(empty)
    with empty.connect() as connection:
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'"
            if empty.dialect.name == "sqlite"
            else "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
        )
        found = {row[0] for row in connection.execute(text(query))}
    wanted = {index.name for table in whole_metadata().tables.values() for index in table.indexes}
    assert wanted <= found


def test_the_journal_can_be_added_to_but_neither_changed_nor_erased(empty: Engine) -> None:
    upgrade(empty)
    with Session(empty) as session:
        entry = journal.record(
            session, actor_id=None, action="site.added", subject="site", subject_id=1
        )
        session.commit()
        for statement in ("UPDATE journal_entry SET action = 'x'", "DELETE FROM journal_entry"):
            with pytest.raises(DBAPIError, match="keeps every line"):
                session.execute(text(statement))
            session.rollback()
        kept = session.get_one(JournalEntry, entry.id)
        assert kept.action == "site.added"
        assert kept.at <= datetime.now(UTC)


def test_decisions_and_readings_cannot_be_erased_even_by_sql(empty: Engine) -> None:
    upgrade(empty)
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if empty.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with empty.connect() as connection:
        found = {row[0] for row in connection.execute(text(query))}
    assert {
        "award_no_delete",
        "certificate_no_delete",
        "evidence_review_no_delete",
        "grade_snapshot_no_update",
        "grade_snapshot_no_delete",
        "published_rule_no_update",
    } <= found
