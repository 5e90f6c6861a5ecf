"""Error pages: what happened, what was kept, what to do, a code to quote; never a stack trace."""

from __future__ import annotations

import structlog
from flask import Flask, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from lti_tool.errors import InvalidInput, LtiToolError, NotFound
from lti_tool.web.database import db

log = structlog.get_logger(__name__)


class StaleForm(InvalidInput):
    """The form's protection against forged posts is missing or too old."""

    code = "WEB-CSRF"
    status = 400
    title = _("Formulaire trop ancien")
    message = _(
        "Cette page est restée ouverte trop longtemps et n’a pas été enregistrée. "
        "Revenez en arrière, copiez ce que vous avez écrit, rechargez la page, puis renvoyez."
    )


class TooManyRequests(LtiToolError):
    """A limit of requests was reached."""

    code = "WEB-LIMIT"
    status = 429
    title = _("Trop d’essais")
    message = _(
        "Trop de demandes sont venues de votre connexion. Attendez une minute, puis réessayez."
    )


class BadRequest(LtiToolError):
    """The request cannot be understood."""

    code = "WEB-REQUEST"
    status = 400
    title = _("Demande non comprise")
    message = _(
        "L’adresse ou le formulaire n’est pas de ceux que l’outil comprend. Rien n’a été enregistré. "
        "Revenez à votre cours et ouvrez l’outil depuis l’activité."
    )


def register(app: Flask) -> None:
    """Render every failure as the same kind of page."""

    @app.errorhandler(LtiToolError)
    def known_error(error: LtiToolError) -> tuple[str, int]:
        level = log.error if error.status >= 500 else log.info
        level("request.refused", code=error.code, detail=error.detail, endpoint=request.endpoint)
        return page(error)

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> tuple[str, int]:
        return known_error(StaleForm())

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
        if error.code is None or error.code < 400:
            return error
        if error.code == 404:
            return page(NotFound())
        if error.code == 429:
            return page(TooManyRequests())
        bad = BadRequest(str(error.code))
        return page(bad)[0], error.code

    @app.errorhandler(DataError)
    def unfit_value(_error: DataError) -> tuple[str, int]:
        # A null character, a number or a text too long: the form was not typed in our pages.
        db().rollback()
        log.warning("request.unfit_value", endpoint=request.endpoint)
        return page(BadRequest())

    @app.errorhandler(Exception)
    def crash(error: Exception) -> tuple[str, int]:
        log.error("request.crashed", endpoint=request.endpoint, exc_info=error)
        return page(LtiToolError())


def page(error: LtiToolError) -> tuple[str, int]:
    """Render the page of one error."""
    return render_template("error.html", error=error), error.status
