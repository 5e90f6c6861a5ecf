"""Which error each reason of the launch is raised with, read from the source of lti_tool/lti."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import lti_tool.lti
from lti_tool.lti import errors
from lti_tool.lti.errors import LtiRefused, Reason

FOLDER = Path(lti_tool.lti.__file__).parent
Raised = dict[Reason, list[type[LtiRefused]]]


@cache
def raised_with() -> Raised:
    """Return the errors that carry each reason, in the order of the reasons."""
    found: Raised = {}
    for source in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(source.read_text("utf-8"))
        helpers = dict(_helpers(tree))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            kind = helpers.get(name, name)
            for reason in _reasons(call):
                if issubclass(getattr(errors, kind, object), LtiRefused):
                    kinds = found.setdefault(reason, [])
                    kinds += [] if getattr(errors, kind) in kinds else [getattr(errors, kind)]
    return {reason: found[reason] for reason in Reason if reason in found}


def _helpers(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the functions that raise an error with the reason they were given."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = {argument.arg for argument in function.args.args}
        for node in ast.walk(function):
            raised = node.exc if isinstance(node, ast.Raise) else None
            if (
                isinstance(raised, ast.Call)
                and isinstance(raised.func, ast.Name)
                and any(isinstance(one, ast.Name) and one.id in names for one in raised.args[:1])
            ):
                yield function.name, raised.func.id


def _reasons(call: ast.Call) -> Iterator[Reason]:
    for argument in call.args:
        if (
            isinstance(argument, ast.Attribute)
            and isinstance(argument.value, ast.Name)
            and argument.value.id == "Reason"
        ):
            yield Reason[argument.attr]
