"""The checks of `ancrage doctor` that call the Moodle sites: those of the page « Diagnostic »."""

from __future__ import annotations

from sqlalchemy import select

from lti_tool.cli.finding import Finding, Level
from lti_tool.platforms import diagnosis
from lti_tool.platforms.diagnosis import Check, Who, diagnose_site
from lti_tool.platforms.models import Site
from lti_tool.web.runtime import Runtime

LEVELS: dict[diagnosis.Level, Level] = {
    diagnosis.Level.PROBLEM: "problem",
    diagnosis.Level.SUPPOSED: "warning",
    diagnosis.Level.WARNING: "warning",
    diagnosis.Level.UNKNOWN: "warning",
    diagnosis.Level.OK: "ok",
}
WHO = {
    Who.COORDINATION: "coordination",
    Who.MOODLE: "Moodle administrator",
    Who.SERVERS: "server administrator",
    Who.TOOL: "administrator of the tool",
}


def look_at_sites(parts: Runtime) -> list[Finding]:
    """Return what every registered site says of itself and of our access to it."""
    with parts.sessions() as session:
        sites = session.execute(select(Site.id, Site.base_url).order_by(Site.id)).all()
        session.rollback()
    if not sites:
        return [
            Finding(
                "warning",
                "sites",
                "no Moodle site is registered",
                "run `ancrage site invite` and paste its link in Moodle, or `ancrage site add` by hand",
            )
        ]
    return [
        _finding(address, check)
        for site_id, address in sites
        for check in diagnose_site(parts.sessions, parts.settings, site_id, ask=True)
    ]


def _finding(address: str, check: Check) -> Finding:
    supposed = "(supposition) " if check.level == diagnosis.Level.SUPPOSED else ""
    code = f" [{check.code}]" if check.code else ""
    who = f" ({WHO[check.who]})" if check.who in WHO and check.remedy else ""
    return Finding(
        LEVELS[check.level],
        address,
        supposed + " ".join(map(_ended, filter(None, (check.title, check.why)))) + code,
        f"{check.remedy}{who}",
    )


def _ended(sentence: str) -> str:
    """Return a sentence with its full stop: the titles of errors have none."""
    return sentence if sentence.endswith((".", "?", "!", "…")) else f"{sentence}."
