"""Labels inside a drawing, which does not wrap text by itself."""

from __future__ import annotations


def wrap(label: str, width: int = 36, lines: int = 2) -> tuple[str, ...]:
    """Cut a label into at most ``lines`` lines of about ``width`` characters, between words.

    What does not fit is cut with ``…``; the table beside the chart has the whole label.
    """
    found: list[str] = []
    for word in label.split():
        if found and len(found[-1]) + 1 + len(word) <= width:
            found[-1] += f" {word}"
        else:
            found.append(word)
    kept = found[:lines]
    kept = [line if len(line) <= width else f"{line[: width - 1]}…" for line in kept]
    if len(found) > lines and not kept[-1].endswith("…"):
        kept[-1] = f"{kept[-1][: width - 1].rstrip()}…"
    return tuple(kept)
