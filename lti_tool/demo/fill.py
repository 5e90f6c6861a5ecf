"""``python -m lti_tool.demo.fill FOLDER PORT``: migrates and fills a demonstration, then leaves.

A process of its own, so that the one that watches over the demonstration stays small.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lti_tool.app import create_runtime
from lti_tool.demo.installation import DemoInstallation
from lti_tool.demo.seeding import seed_installation


def main(folder: str, port: str) -> None:
    """Fill the demonstration of this folder."""
    demo = DemoInstallation(Path(folder), int(port))
    seed_installation(create_runtime(demo.settings()), demo)
    demo.mark_filled()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:3])
    except KeyboardInterrupt:
        sys.exit(130)  # stopped with the rest of the demonstration: no trace on the terminal
