"""What one running process holds: settings, database, engine of the background work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.settings import Settings

if TYPE_CHECKING:
    from lti_tool.web.access import Viewer


class FrameAncestors(Protocol):
    """Gives the origins that may frame the tool; ``now``: not from memory."""

    def __call__(self, session: Session, *, now: bool = False) -> tuple[str, ...]: ...


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
    frame_ancestors: FrameAncestors


def runtime() -> Runtime:
    """Return the runtime of the present application."""
    found: Runtime = current_app.extensions["ancrage"]
    return found
