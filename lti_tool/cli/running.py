"""What commands share: the settings, the runtime, and how errors are said on a terminal."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from lti_tool.errors import LtiToolError
from lti_tool.settings import load_settings
from moodle_client.errors import MoodleError

if TYPE_CHECKING:
    from lti_tool.web.runtime import Runtime


def with_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Say what went wrong in one line, with its code, and leave with exit code 1."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except LtiToolError as error:
            text = str(error) if error.detail else error.sentence()
            raise click.ClickException(f"{error.code}: {text}") from error
        except MoodleError as error:
            # Only a command that fails needs the sentences.
            from lti_tool.platforms.sentences import failure_sentence

            raise click.ClickException(f"{error}: {failure_sentence(error)}") from error

    return run


def open_runtime() -> Runtime:
    """Return the runtime of this command; its database is closed when the command ends."""
    # The whole application: `ancrage --help` and the watch over a demonstration do without.
    from lti_tool.app import create_runtime

    parts = create_runtime(load_settings(log_format="console", log_level="WARNING"))
    click.get_current_context().call_on_close(parts.engine.dispose)
    return parts
