"""The XML answers of the REST server, given when ``moodlewsrestformat`` is not ``json``."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape


def result_xml(result: Any) -> str:
    """Return a result in Moodle's XML."""
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<RESPONSE>\n{_node(result)}</RESPONSE>\n'


def error_xml(document: dict[str, str]) -> str:
    """Return an error in Moodle's XML."""
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n'
        f'<EXCEPTION class="{document["exception"]}">\n'
        f"<ERRORCODE>{escape(document['errorcode'])}</ERRORCODE>\n"
        f"<MESSAGE>{escape(document['message'])}</MESSAGE>\n"
        "</EXCEPTION>\n"
    )


def _node(value: Any) -> str:
    if isinstance(value, dict):
        keys = "".join(f'<KEY name="{name}">{_node(one)}</KEY>\n' for name, one in value.items())
        return f"<SINGLE>\n{keys}</SINGLE>\n"
    if isinstance(value, list):
        return "<MULTIPLE>\n" + "".join(_node(one) for one in value) + "</MULTIPLE>\n"
    if value is None:
        return '<VALUE null="null"/>\n'
    text = int(value) if isinstance(value, bool) else value
    return f"<VALUE>{escape(str(text))}</VALUE>\n"
