"""The blueprint of the coordination's pages about sites, keys and tokens."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint

from lti_tool.platforms.models import Deployment, RegistrationState
from lti_tool.platforms.sentences import sentence_for_code

blueprint = Blueprint("platforms", __name__, url_prefix="/coordination")
blueprint.add_app_template_filter(sentence_for_code, "error_sentence")


@blueprint.app_template_filter("pending_first")
def pending_first(deployments: Iterable[Deployment]) -> list[Deployment]:
    """Return the deployments that wait for a decision, then the others, in the order they came."""
    return sorted(
        deployments,
        key=lambda deployment: (deployment.state != RegistrationState.PENDING, deployment.id),
    )


@blueprint.app_template_filter("scope_word")
def scope_word(scope: str) -> str:
    """Return the last part of a scope, which is the one that differs."""
    return scope.rpartition("/")[2]
