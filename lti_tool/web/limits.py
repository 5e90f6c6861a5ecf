"""Request limits, counted in memory for one process or in Redis for several."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from lti_tool.web.counting import ProcessStorage

limiter = Limiter(get_remote_address, headers_enabled=True, default_limits=[])
IN_MEMORY = "memory://"


def register(app: Flask) -> None:
    """Install the limits; the address is used to count and is not kept."""
    asked = app.extensions["ancrage"].settings.rate_limit_url
    ours = f"{ProcessStorage.STORAGE_SCHEME[0]}://"
    app.config["RATELIMIT_STORAGE_URI"] = ours if asked == IN_MEMORY else asked
    limiter.init_app(app)
