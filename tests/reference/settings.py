"""The table of the settings, from the class that reads them."""

from __future__ import annotations

from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic_core import PydanticUndefined

from lti_tool.settings import Settings
from tests.reference.markdown import code, table


def every_setting() -> str:
    """Return the table of every setting: variable, kind, default, meaning."""
    prefix = Settings.model_config["env_prefix"]
    return table(
        ["Variable", "Kind", "Default", "What it is"],
        [
            [
                code(prefix + name.upper()),
                _kind(field.annotation),
                _default(field.default),
                field.description or "",
            ]
            for name, field in Settings.model_fields.items()
        ],
    )


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is tuple:
        return "list"
    choices = [str(one) for one in get_args(annotation) if one is not NoneType]
    if choices:
        return ", ".join(code(choice) for choice in choices)
    names = {str: "text", int: "whole number", float: "number", Path: "path", bool: "yes or no"}
    return names[annotation]


def _default(value: Any) -> str:
    if value is PydanticUndefined or value in ("", ()):
        return "*(none)*"
    return code(str(value))
