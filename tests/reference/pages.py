"""Pages of documentation, and the generated blocks in them.

A block stands between ``<!-- generated:name -->`` and ``<!-- /generated -->``; what surrounds it is
written by people and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.reference import commands, errors, jobs, moodle_service, rules, security, settings

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(
    r"(?P<begin><!-- generated:(?P<name>[a-z-]+) -->\n).*?(?P<end><!-- /generated -->)", re.DOTALL
)
BLOCKS: dict[str, Callable[[], str]] = {
    "base-rule": rules.base_rule,
    "commands": commands.every_command,
    "errors": errors.application_errors,
    "job-daily": jobs.daily_jobs,
    "job-frequent": jobs.frequent_jobs,
    "job-kinds": jobs.job_kinds,
    "job-limits": jobs.job_limits,
    "launch-refusals": errors.launch_refusals,
    "moodle-capabilities": moodle_service.capabilities,
    "moodle-errors": errors.moodle_errors,
    "moodle-functions": moodle_service.functions,
    "registration-refusals": errors.registration_refusals,
    "rule-reasons": rules.reasons,
    "security-tests": security.security_tests,
    "settings": settings.every_setting,
}


def pages() -> Iterator[Path]:
    """Yield every page that people read: the README, the changelog, docs/ and the client's README."""
    yield ROOT / "README.md"
    yield ROOT / "CHANGELOG.md"
    yield ROOT / "moodle_client" / "README.md"
    yield from sorted((ROOT / "docs").rglob("*.md"))


def fresh(text: str) -> str:
    """Return the text of a page with each of its blocks written anew.

    Raises:
        KeyError: a block has a name that no function of this package writes.
    """
    return BLOCK.sub(lambda found: found["begin"] + BLOCKS[found["name"]]() + found["end"], text)


def blocks_in(text: str) -> list[str]:
    """Return the names of the generated blocks of a page."""
    return [found["name"] for found in BLOCK.finditer(text)]


def out_of_date() -> list[Path]:
    """Return the files whose generated parts are not what the code says now."""
    stale = [page for page in pages() if fresh(page.read_text("utf-8")) != page.read_text("utf-8")]
    preset = ROOT / moodle_service.PRESET
    if not preset.exists() or preset.read_text("utf-8") != moodle_service.role_preset():
        stale.append(preset)
    return stale


def write_all() -> list[Path]:
    """Write what is out of date; return the files written."""
    stale = out_of_date()
    for page in stale:
        if page.suffix == ".md":
            page.write_text(fresh(page.read_text("utf-8")), "utf-8")
        else:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(moodle_service.role_preset(), "utf-8")
    return stale
