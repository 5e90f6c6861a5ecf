"""Request limits, counted in memory for one process or in Redis for several."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, headers_enabled=True, default_limits=[])


def register(app: Flask) -> None:
    """Install the limits; the address is used to count and is not kept."""
    settings = app.extensions["ancrage"].settings
    app.config["RATELIMIT_STORAGE_URI"] = settings.rate_limit_url
    limiter.init_app(app)
