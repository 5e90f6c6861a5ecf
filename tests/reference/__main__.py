"""``python -m tests.reference``: say which pages are out of date; with ``--write``, write them."""

from __future__ import annotations

import argparse
import sys

from tests.reference.pages import ROOT, out_of_date, write_all


def main() -> int:
    """Return 0 when every page says what the code says, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.reference", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the pages instead")
    if parser.parse_args().write:
        for page in write_all():
            print(f"written: {page.relative_to(ROOT)}")
        return 0
    stale = out_of_date()
    for page in stale:
        print(f"out of date, run `make docs`: {page.relative_to(ROOT)}")
    return 1 if stale else 0


sys.exit(main())
