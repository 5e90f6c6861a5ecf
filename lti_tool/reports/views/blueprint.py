"""The blueprint that the view modules of this room share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("reports", __name__)
