"""The append-only journal: who decided what, when, on what basis.

Owns the ``journal_entry`` table, which the database itself refuses to change or erase. It holds
identifiers, never names, so that an erased person leaves no trace in it (N19).
"""

from lti_tool.journal.models import JournalEntry
from lti_tool.journal.service import entries_about, record

__all__ = ["JournalEntry", "entries_about", "record"]
