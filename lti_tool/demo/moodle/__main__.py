"""``python -m lti_tool.demo.moodle``: serves the demo's Moodle alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lti_tool.demo.moodle.serving import serve_moodle
from lti_tool.demo.moodle.site import DEFAULT_CLIENT_ID, DEFAULT_DEPLOYMENT_ID, DemoMoodle


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m lti_tool.demo.moodle", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--base-url", default="", help="default: http://<host>:<port>")
    parser.add_argument("--tool-url", default="http://127.0.0.1:8000")
    parser.add_argument("--tool-jwks-url", default="")
    parser.add_argument("--client-id", default=DEFAULT_CLIENT_ID)
    parser.add_argument("--deployment-id", default=DEFAULT_DEPLOYMENT_ID)
    parser.add_argument("--data-dir", type=Path, default=None)
    chosen = parser.parse_args(arguments)
    site = DemoMoodle(
        base_url=chosen.base_url or f"http://{chosen.host}:{chosen.port}",
        tool_url=chosen.tool_url,
        tool_jwks_url=chosen.tool_jwks_url,
        client_id=chosen.client_id,
        deployment_id=chosen.deployment_id,
        data_dir=chosen.data_dir,
    )
    sys.stdout.write(f"{site.base_url}\n")
    serve_moodle(site, chosen.host, chosen.port)


if __name__ == "__main__":
    main()
