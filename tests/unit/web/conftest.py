"""A page without rooms: what the components need and nothing else."""

from __future__ import annotations

import pytest
from flask import Flask, request
from flask_babel import Babel

from lti_tool.paths import static_dir, templates_dir
from lti_tool.web import presentation


@pytest.fixture
def page() -> Flask:
    """A Flask application that knows the presentation alone; ``?lang=ar`` speaks Arabic."""
    app = Flask("page", static_folder=str(static_dir()), template_folder=str(templates_dir()))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["csrf_token"] = lambda: "a-token"
    Babel(
        app,
        default_locale="fr",
        default_timezone="Europe/Paris",
        locale_selector=lambda: request.args.get("lang", "fr"),
    )
    presentation.register(app)
    return app
