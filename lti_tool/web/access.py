"""Who may see a view. Each view says it with one decorator; a view that says nothing is refused.

What is not a person's to see does not exist for them: 404, never 403 (N1, N3). Learners and
trainers come from the launches of this browser session, course by course; every other right from
grants (N4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, g, request
from flask import session as cookie

from lti_tool.errors import NotFound, SignInRequired
from lti_tool.web.database import db
from lti_tool.web.runtime import runtime

View = Callable[..., Any]
Check = Callable[["Viewer", Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person at the browser and what they may do."""

    person_id: int
    full_name: str
    locale: str | None
    session_id: int
    visit: str
    """BrowserSession.visit: what leaving ends."""
    courses: Mapping[int, str] = field(default_factory=dict)
    """Course.id → ``learner`` or ``trainer``, from the launches of this browser session."""
    partners: Mapping[str, int] = field(default_factory=dict)
    """Partner.public_id → Partner.id, of the associations that this person leads."""
    roles: frozenset[str] = frozenset()
    """``coordinator``, ``researcher``, ``auditor``."""

    @property
    def is_coordinator(self) -> bool:
        """Whether a grant makes this person a coordinator."""
        return "coordinator" in self.roles


def viewer() -> Viewer:
    """Return the person at the browser.

    Raises:
        SignInRequired: there is none.
    """
    found = viewer_or_none()
    if found is None:
        raise SignInRequired
    return found


def viewer_or_none() -> Viewer | None:
    """Return the person at the browser, or None."""
    if "viewer" not in g:
        token = cookie.get("sid")
        g.viewer = runtime().load_viewer(db(), token) if isinstance(token, str) else None
    found: Viewer | None = g.viewer
    return found


def public(view: View) -> View:
    """Declare a view that anyone may see."""
    return _declare(view, None)


def signed_in(view: View) -> View:
    """Declare a view for anyone with a session."""
    return _declare(view, lambda _viewer, _args: True)


def learner_of_course(view: View) -> View:
    """Declare a view for a learner of the course ``course_id``."""
    return _declare(view, lambda viewer, args: viewer.courses.get(args["course_id"]) == "learner")


def trainer_of_course(view: View) -> View:
    """Declare a view for a trainer of the course ``course_id``."""
    return _declare(view, lambda viewer, args: viewer.courses.get(args["course_id"]) == "trainer")


def member_of_course(view: View) -> View:
    """Declare a view for learners and trainers of the course ``course_id``."""
    return _declare(view, lambda viewer, args: args["course_id"] in viewer.courses)


def partner_lead(view: View) -> View:
    """Declare a view for a lead of the association ``partner_id`` (its public identifier)."""
    return _declare(view, lambda viewer, args: args["partner_id"] in viewer.partners)


def coordinator(view: View) -> View:
    """Declare a view for coordinators."""
    return _declare(view, lambda viewer, _args: viewer.is_coordinator)


def register(app: Flask) -> None:
    """Check the declared access before each view."""

    @app.before_request
    def check_access() -> None:
        if request.endpoint is None or request.endpoint == "static":
            return
        view = current_app.view_functions[request.endpoint]
        if not hasattr(view, "access_check"):
            raise NotFound(f"{request.endpoint} declares no access")
        check: Check | None = view.access_check
        if check is not None and not check(viewer(), request.view_args or {}):
            raise NotFound("not for this person")


def _declare(view: View, check: Check | None) -> View:
    view.access_check = check  # type: ignore[attr-defined]  # functions carry attributes
    return view
