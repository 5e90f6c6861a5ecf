"""The list of what the security tests refuse: their names are sentences."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.reference.markdown import code, first_line, table

FOLDER = Path(__file__).parents[1] / "security"


def security_tests() -> str:
    """Return, for each module of tests/security, what it is about and each of its tests."""
    parts = []
    for module in sorted(FOLDER.glob("test_*.py")):
        tree = ast.parse(module.read_text("utf-8"))
        parts.append(
            f"\n**`tests/security/{module.name}`** {first_line(ast.get_docstring(tree))}\n"
        )
        rows = [[_sentence(name), code(name)] for name in _tests(tree)]
        parts.append(table(["What is held", "Test"], rows).rstrip("\n") + "\n")
    return "".join(parts) + "\n"


def _tests(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name


def _sentence(name: str) -> str:
    words = name.removeprefix("test_").replace("_", " ")
    return words[0].upper() + words[1:]
