"""What one running process holds: settings, database, engine of the background work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.settings import Settings

if TYPE_CHECKING:
    from lti_tool.web.access import Viewer


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts that the application was wired with.

    ``load_viewer`` and ``frame_ancestors`` come from rooms further on; the wiring passes them in,
    so that this ground floor imports none of them.
    """

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    load_viewer: Callable[[Session, str], Viewer | None]
    frame_ancestors: Callable[[Session], tuple[str, ...]]


def runtime() -> Runtime:
    """Return the runtime of the present application."""
    found: Runtime = current_app.extensions["ancrage"]
    return found
