"""Structured log lines, as JSON or for a terminal; identifiers only, never a name or a token."""

from __future__ import annotations

import logging
import sys

import structlog

from lti_tool.settings import Settings


def configure_logs(settings: Settings) -> None:
    """Install the format and level of the log lines of this process."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries log request addresses and bodies at INFO: only their warnings are kept.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
