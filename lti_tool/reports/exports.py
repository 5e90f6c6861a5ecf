"""Tables that leave the tool as CSV: one writer, safe in a spreadsheet.

What a spreadsheet would run as a formula gets an apostrophe in front, also behind a semicolon or a
tab: French spreadsheets cut our lines there. Files begin with a mark that makes spreadsheets read
them as UTF-8.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.certification.models import Award
from lti_tool.credentials.models import Certificate
from lti_tool.referential.models import Domain

_FORMULA = re.compile(r"""(^|[;,\t\r\n])(["' ]*)([=+\-@＝＋－＠])""")
_BLANK_STARTS = ("\t", "\r", "\n")
REGISTER_COLUMNS = ("number", "domain", "state", "issued_on", "route", "rule_version")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the table as CSV with the mark of UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def safe_cell(value: object) -> str:
    """Return the text of a cell; None is empty, never 0."""
    text = "" if value is None else str(value)
    safe = _FORMULA.sub(r"\1'\2\3", text)
    return f"'{safe}" if safe.startswith(_BLANK_STARTS) else safe


def register_rows(session: Session) -> Iterator[tuple[object, ...]]:
    """Yield the register of certifications: number, domain, state, day, route, rule; no name."""
    rows = session.execute(
        select(Certificate.number, Domain.code, Award)
        .join(Award, Award.id == Certificate.award_id)
        .join(Domain, Domain.id == Award.domain_id)
        .order_by(Certificate.id)
    )
    for number, code, award in rows:
        yield number, code, award.state, award.issued_on, award.route, award.rule.version
