"""Security headers. The tool may be framed by the registered platforms and by nobody else."""

from __future__ import annotations

from flask import Flask, Response, request

from lti_tool.web.database import db
from lti_tool.web.runtime import runtime

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action {form_action}; frame-ancestors {ancestors}"
)


def policy(framed_by: str) -> str:
    """Return the policy of a page that one more origin may frame, and that posts only to us."""
    return POLICY.format(form_action="'self'", ancestors=f"'self' {framed_by}".strip())


def register(app: Flask) -> None:
    """Add the headers to every answer that does not carry its own."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        if "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = content_policy(now=_enters(response))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        # Not `no-referrer`: the CSRF check over HTTPS needs the origin of our own pages.
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        if runtime().settings.base_url.startswith("https://"):
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def content_policy(form_action: str | None = None, *, now: bool = False) -> str:
    """Return the content security policy of an answer.

    Args:
        form_action: the only origin that its forms may post to; None: the tool and the platforms.
        now: take in a platform that another process accepted this very moment.
    """
    ours = " ".join(["'self'", *runtime().frame_ancestors(db(), now=now)])
    return POLICY.format(form_action=form_action or ours, ancestors=ours)


def _enters(response: Response) -> bool:
    """Whether this is the page that another origin's frame will show first."""
    sent = request.headers
    return (
        response.mimetype == "text/html"
        and not 300 <= response.status_code < 400
        and sent.get("Sec-Fetch-Dest") in ("iframe", "frame")
        and sent.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    )
