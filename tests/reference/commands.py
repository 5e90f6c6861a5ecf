"""The page of the commands, from their own help."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from lti_tool.cli import main

WIDTH = 100


def every_command() -> str:
    """Return a section for each command: what it does, examples, options."""
    return "\n" + "".join(_section(path, command) for path, command in leaves()) + "\n"


def leaves() -> Iterator[tuple[list[str], click.Command]]:
    """Yield every command that does something, with the words that call it."""
    yield from _below(["ancrage"], main)


def _below(path: list[str], command: click.Command) -> Iterator[tuple[list[str], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, child in sorted(command.commands.items()):
        yield from _below([*path, name], child)


def _section(path: list[str], command: click.Command) -> str:
    name = " ".join(path)
    context = click.Context(command, info_name=name, max_content_width=WIDTH, terminal_width=WIDTH)
    usage = command.get_usage(context).removeprefix("Usage: ")
    text, examples = _split(inspect.cleandoc(command.help or ""))
    lines = [f"## `{name}`", "", text, "", "```text", usage, "```", ""]
    if examples:
        lines += ["```bash", *examples, "```", ""]
    options = [_option(one) for one in command.params if isinstance(one, click.Option)]
    if options:
        lines += [*options, ""]
    return "\n".join(lines) + "\n"


def _split(text: str) -> tuple[str, list[str]]:
    """Part the help into what it says and its examples, without the mark that keeps lines apart."""
    said, _mark, rest = text.replace("\b\n", "\b").partition("\b")
    lines = rest.splitlines()
    examples = [line.strip() for line in lines if line.startswith("  ")]
    after = [line for line in lines if not line.startswith(("  ", "Example"))]
    return "\n".join([said.strip(), *after]).strip(), examples


def _option(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    shown = option.default not in (None, False, "") and option.show_default
    default = f" Default: `{option.default}`." if shown else ""
    return f"- {names}: {option.help or ''}{default}"
