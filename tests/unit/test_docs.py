"""The documentation says nothing that is not so: links, pictures, commands, settings, codes, terms."""

from __future__ import annotations

import re
import shlex
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
import pytest

from lti_tool.cli import main
from lti_tool.jobs import JobContext, task
from lti_tool.settings import Settings
from tests.reference import errors
from tests.reference.commands import leaves
from tests.reference.pages import BLOCKS, ROOT, blocks_in, out_of_date, pages

PAGES = list(pages())
FRENCH = [
    ROOT / "docs" / "installation.md",
    ROOT / "docs" / "aipd.md",
    *sorted((ROOT / "docs" / "guides").glob("*.md")),
]
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<body>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(text: str) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]+`", "", FENCE.sub("", text))


def links(page: Path, *, pictures: bool) -> Iterator[tuple[str, str]]:
    """The (text, target) of the links, or pictures, that lead inside the repository."""
    for found in LINK.finditer(FENCE.sub("", page.read_text("utf-8"))):
        inside = not re.match(r"[a-z]+:", found["target"])
        if inside and bool(found["picture"]) is pictures:
            yield found["text"], found["target"]


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page make, as GitHub writes them."""
    made: Counter[str] = Counter()
    found = set()
    for heading in re.findall(
        r"^#{1,6} (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE
    ):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(slug if not made[slug] else f"{slug}-{made[slug]}")
        made[slug] += 1
    return found


def command_lines() -> Iterator[tuple[str, str]]:
    """Each ``ancrage …`` line of a page, in a block of commands or between backquotes."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for block in FENCE.finditer(text):
            if block["kind"] in ("bash", "sh", "text"):
                for line in block["body"].splitlines():
                    found = re.match(r"\s*(?:ExecStart=\S*/|\S*bin/)?(ancrage(?: .*)?)$", line)
                    if found and block["kind"] != "text":
                        yield named(page), found[1]
        for found in re.finditer(r"`(ancrage(?: [^`\n]*)?)`", FENCE.sub("", text)):
            yield named(page), found[1]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    for text, target in links(page, pictures=False):
        path, _mark, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), f"{named(page)}: [{text}]({target})"
        if anchor:
            assert anchor in anchors(aim), f"{named(page)}: no heading for #{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_picture_is_there_and_says_what_it_shows(page: Path) -> None:
    for text, target in links(page, pictures=True):
        assert text.strip(), f"{named(page)}: {target} says nothing to whom does not see it"
        assert (page.parent / target).is_file(), f"{target} is missing: run `make screenshots`"


def test_every_picture_is_shown_somewhere() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for _text, target in links(page, pictures=True)
    }
    assert set((ROOT / "docs" / "images").glob("*")) - shown == set()


def test_every_page_of_the_documentation_can_be_found_from_its_map() -> None:
    docs = ROOT / "docs"
    seen, waiting = set(), [docs / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        for _text, target in links(page, pictures=False):
            aim = (page.parent / target.partition("#")[0]).resolve()
            if aim.suffix == ".md" and aim.is_relative_to(docs) and aim not in seen:
                waiting.append(aim)
    assert sorted(named(page) for page in set(docs.rglob("*.md")) - seen) == []


def test_the_generated_parts_say_what_the_code_says() -> None:
    assert [named(page) for page in out_of_date()] == []


def test_the_table_of_tasks_leaves_out_what_a_test_registers() -> None:
    @task("tests.of_the_docs")
    def passing(context: JobContext) -> None:
        """Do nothing."""

    assert "tests.of_the_docs" not in BLOCKS["job-kinds"]()


def test_every_generated_part_stands_on_one_page() -> None:
    used = Counter(name for page in PAGES for name in blocks_in(page.read_text("utf-8")))
    assert used == Counter(dict.fromkeys(BLOCKS, 1))


@pytest.mark.parametrize(("page", "line"), sorted(set(command_lines())))
def test_every_command_that_is_named_exists_and_is_well_called(
    page: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click.core, "prompt", lambda *_args, **_kwargs: "")
    whole = "…" not in line
    words = [word for word in shlex.split(line.partition(" #")[0]) if word != "…"][1:]
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, words = words[0], words[1:]
        assert name in command.commands, f"{page}: {line}"
        command = command.commands[name]
    mentioned = not words and any(parameter.required for parameter in command.params)
    if whole and not mentioned and words not in (["--version"], ["--help"]):
        if isinstance(command, click.Group):
            assert words == [], f"{page}: {line}"
        else:
            command.make_context(command.name or "", list(words))


def test_the_page_of_commands_has_every_command() -> None:
    text = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")
    for path, command in leaves():
        assert f"\n## `{' '.join(path)}`\n" in text
        for parameter in command.params:
            assert all(f"`{name}`" in text for name in parameter.opts if name.startswith("-"))


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(
        re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    named_targets = {
        target for page in PAGES for target in re.findall(r"`make ([a-z-]+)", page.read_text())
    }
    assert named_targets <= targets


def test_every_setting_that_is_named_exists_and_every_setting_is_listed() -> None:
    settings = {f"ANCRAGE_{name.upper()}" for name in Settings.model_fields}
    for page in PAGES:
        for name in re.findall(r"ANCRAGE_[A-Z_]*[A-Z](?!…)\b", page.read_text("utf-8")):
            parts = name.startswith("ANCRAGE_TEST_") or name == "ANCRAGE_ISSUER"
            assert name in settings or parts, f"{named(page)}: {name}"
    listed = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    assert all(f"| `{name}` |" in listed for name in settings)


def test_every_code_that_is_named_exists_and_every_code_is_listed() -> None:
    listed = (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8")
    codes = set(re.findall(r"`([A-Z]+(?:-[A-Z0-9]+)+)`", listed))
    for page in PAGES:
        for name in re.findall(
            r"`((?:LTI|MOODLE|ANC|CERT|JOB)-[A-Z0-9-]+)`", page.read_text("utf-8")
        ):
            assert name in codes, f"{named(page)}: {name}"
    for source in (ROOT / "lti_tool").rglob("*.py"):
        for name in re.findall(r"JobError\(\s*\"([A-Z-]+)\"", source.read_text("utf-8")):
            assert name in codes, f"{source.name}: {name}"
    assert errors.unlisted_reasons() == set(), "reasons that nothing raises"
    assert errors.unlisted_registration_reasons() == set()


def test_every_test_that_the_page_of_security_names_exists() -> None:
    text = (ROOT / "docs" / "reference" / "security.md").read_text("utf-8")
    known = {
        name
        for module in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", module.read_text("utf-8"))
    }
    assert set(re.findall(r"`(test_\w+)`", text)) <= known


def test_a_term_of_the_glossary_has_one_name_in_each_language_and_a_source() -> None:
    text = (ROOT / "docs" / "glossaire.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| English"))
    ]
    assert len(rows) > 50
    for english, _french, meaning, source in rows:
        assert meaning, english
        assert re.match(r"(1EdTech, |Moodle\b|ADL, |ours\b)", source), english
    for column in (0, 1):
        assert [
            term for term, times in Counter(row[column] for row in rows).items() if times > 1
        ] == []


def test_every_dependency_is_on_the_page_that_says_why() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    text = (ROOT / "docs" / "decisions" / "dependencies.md").read_text("utf-8").lower()
    cells = {
        name.strip()
        for row in re.findall(r"^\| (.+?) \|", text, re.MULTILINE)
        for name in row.split(",")
    }
    names = {re.split(r"[\[<>=]", one.lower())[0] for one in wanted} - {"ancrage"}
    assert names == cells - {"package", "---"}


def test_the_architecture_names_every_package() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    packages = {path.parent.name for path in (ROOT / "lti_tool").glob("*/__init__.py")}
    assert {name for name in packages if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_holds_a_path_of_the_machine_it_was_written_on(page: Path) -> None:
    text = page.read_text("utf-8")
    for place in (ROOT, Path.home(), Path(tempfile.gettempdir())):
        assert place == Path("/") or f"{place}/" not in text, place


@pytest.mark.parametrize("page", FRENCH, ids=named)
def test_french_pages_are_written_as_french_is(page: Path) -> None:
    for line in prose(page.read_text("utf-8")).splitlines():
        said = re.sub(r"\]\([^)]*\)|<[^>]*>|https?://\S+", "", line)
        assert not re.search(r"\w'\w", said), f"{named(page)}: {line}"
        assert not re.search(r" [:;?!»](\s|$)", said), f"{named(page)}: {line}"
        assert "« " not in said, f"{named(page)}: {line}"
