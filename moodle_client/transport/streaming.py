"""A long list inside an answer, given item by item without the answer ever being whole in memory.

Errors are those of `read_reply`: whatever is not a long, sound object is read by it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import ijson

from moodle_client import errors
from moodle_client.transport.reply import Reply, read_reply

SHORT = 64 * 1024
"""Bytes under which an answer is read whole: every error of Moodle is shorter."""


@dataclass(frozen=True, slots=True)
class StreamedReply:
    """Status, headers (lower-case names), body and its size in bytes. The reader closes the body."""

    status: int
    headers: Mapping[str, str]
    body: IO[bytes]
    size: int


def read_items(reply: StreamedReply, key: str, wsfunction: str, held: int) -> Iterator[Any]:
    """Judge an answer now, and give the items of its list `key` as they are asked for.

    Numbers with a fraction come out as Decimal, exactly as written.

    Args:
        reply: the answer.
        key: field that holds the list.
        wsfunction: the function called.
        held: bytes above which an answer is not read whole.

    Raises:
        MoodleError: as `read_reply` raises it; while items are read, `TruncatedAnswer` when the
            answer stops in the middle: the items given before are sound.
    """
    reply.body.seek(0)
    start = reply.body.read(SHORT).lstrip()[:1]
    if reply.size <= SHORT or reply.status != 200 or start != b"{":
        return iter(_whole(reply, key, wsfunction, held))
    return _each(reply, key, wsfunction, held)


def _whole(reply: StreamedReply, key: str, wsfunction: str, held: int) -> list[Any]:
    """Read an answer as any other; what is too long for that is not Moodle's."""
    if reply.size > held:
        reply.body.close()
        raise errors.AnswerTooLarge(wsfunction=wsfunction)
    reply.body.seek(0)
    with reply.body:
        read = Reply(reply.status, reply.headers, reply.body.read())
    answer = read_reply(read, wsfunction)
    if not isinstance(answer, dict):
        raise errors.UnexpectedAnswer(wsfunction=wsfunction, reason="not_an_object")
    items = answer.get(key)
    if items is None:
        return []
    if not isinstance(items, list):
        raise errors.UnexpectedAnswer(wsfunction=wsfunction, reason=f"field_{key}")
    return items


def _each(reply: StreamedReply, key: str, wsfunction: str, held: int) -> Iterator[Any]:
    given, failure = 0, False
    reply.body.seek(0)
    try:
        for item in ijson.items(reply.body, f"{key}.item"):
            given += 1
            yield item
    except ijson.JSONError:
        failure = True
    else:
        if not given:
            # A long object without the list may be an error: it is judged as any other.
            yield from _whole(reply, key, wsfunction, held)
    finally:
        if not failure:
            reply.body.close()
    # Raised out here so that it keeps no link to its cause, which quotes the answer.
    if failure:
        if reply.size <= held:
            _whole(reply, key, wsfunction, held)
        reply.body.close()
        raise errors.TruncatedAnswer(wsfunction=wsfunction, reason="cut")
