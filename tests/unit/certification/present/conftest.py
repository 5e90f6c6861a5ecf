"""A request in French, without any room: sentences are only spoken inside one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel


@pytest.fixture(autouse=True)
def _french() -> Iterator[None]:
    app = Flask("words")
    Babel(app, default_locale="fr", default_timezone="Europe/Paris")
    with app.test_request_context():
        yield
