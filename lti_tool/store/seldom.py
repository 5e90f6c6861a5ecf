"""What need not be done at each request: at most once in a while, in each process.

For work that may as well be done twice or by somebody else, such as dropping what is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import URL
from sqlalchemy.orm import Session

_done: dict[tuple[URL, str], datetime] = {}


def is_due(session: Session, what: str, every: timedelta, now: datetime) -> bool:
    """Whether ``what`` was not done here within ``every``; it then counts as done now.

    Args:
        session: on the database that the work is for.
        what: name of the work.
        every: how long it can wait.
        now: the present moment.
    """
    key = (session.get_bind().engine.url, what)
    last = _done.get(key)
    if last is not None and last <= now < last + every:
        return False
    _done[key] = now
    return True
