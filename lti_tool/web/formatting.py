"""How dates, durations and numbers are written for people, in the language of the request.

Filters of the templates and functions for CSV, PDF and mail. What is missing is written ``—``,
never 0. A share that is not nothing is never written 0 %, one that is not whole never 100 %.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from babel import Locale
from babel.dates import format_timedelta
from babel.numbers import format_decimal
from babel.numbers import format_percent as babel_percent
from flask import Flask
from flask_babel import format_date, format_time, get_locale, to_user_timezone
from flask_babel import gettext as _

from lti_tool import clock

MISSING = "—"
Number = int | float | Decimal
ROUNDINGS = {"nearest": ROUND_HALF_UP, "down": ROUND_DOWN}


def format_day(value: date | datetime | None, style: str = "long") -> str:
    """Write a day: ``12 mars 2027`` (``long``), ``12/03/2027`` (``short``).

    A datetime is read in the reader's time zone.
    """
    if value is None:
        return MISSING
    text = str(format_date(value, style))
    if _locale().language == "fr" and style in ("long", "full"):
        day = _local_day(value).day
        if day == 1:
            text = text.replace("1 ", "1er ", 1)
    return text


def format_moment(value: datetime | None) -> str:
    """Write a moment to the minute: ``12 mars 2027 à 14:05``."""
    if value is None:
        return MISSING
    return str(_("%(day)s à %(time)s", day=format_day(value), time=format_time(value, "short")))


def format_ago(value: date | datetime | None, now: datetime | None = None) -> str:
    """Write how long ago something was, or how long until it is: ``il y a 3 jours``.

    Args:
        value: a moment, or a day, which is counted in whole days.
        now: the present moment, that of the clock when absent.
    """
    if value is None:
        return MISSING
    now = now or clock.now()
    if isinstance(value, datetime):
        delta = value - now
        if abs(delta) < timedelta(minutes=1):
            return str(_("à l’instant"))
    else:
        delta = value - _local_day(now)
        if not delta:
            return str(_("aujourd’hui"))
    return format_timedelta(delta, add_direction=True, locale=_locale())


def format_number(value: Number | None, digits: int = 3) -> str:
    """Write a number with ``digits`` decimals at most: ``1 234,5``."""
    if value is None:
        return MISSING
    rounded = _rounded(Decimal(str(value)), digits, "nearest")
    return format_decimal(rounded, format=_pattern("#,##0", digits), locale=_locale())


def format_percent(value: Number | None, of: int = 1, digits: int | None = None) -> str:
    """Write a share: ``45 %``.

    Args:
        value: a ratio (``of=1``) or a grade out of 100 (``of=100``).
        of: what the whole is.
        digits: decimals at most; none for a ratio, one for a grade. Grades are cut, not rounded:
            59.96 below a threshold of 60 must not read as 60.
    """
    if value is None:
        return MISSING
    digits = digits if digits is not None else (0 if of == 1 else 1)
    share = Decimal(str(value)) / of
    shown = _rounded(share, digits + 2, "nearest" if of == 1 else "down")
    step = Decimal(1).scaleb(-digits - 2)
    if share > 0 and shown == 0:
        return str(_("moins de %(share)s", share=_percent(step, digits)))
    if share < 1 and shown == 1:
        return str(_("plus de %(share)s", share=_percent(1 - step, digits)))
    return _percent(shown, digits)


def is_older(value: datetime, days: int, now: datetime | None = None) -> bool:
    """Say whether a moment is more than ``days`` days ago, so that a screen marks it as stale."""
    return (now or clock.now()) - value > timedelta(days=days)


def text_direction() -> str:
    """Return ``rtl`` or ``ltr``, the direction of the language being spoken."""
    return _locale().text_direction


def register(app: Flask) -> None:
    """Install the filters ``date``, ``datetime``, ``ago``, ``number``, ``percent`` and their globals."""
    app.jinja_env.filters.update(
        date=format_day,
        datetime=format_moment,
        ago=format_ago,
        number=format_number,
        percent=format_percent,
    )
    app.jinja_env.globals["is_older"] = is_older
    app.jinja_env.globals["present_moment"] = clock.now
    app.jinja_env.globals["text_direction"] = text_direction


def _locale() -> Locale:
    return get_locale() or Locale("fr")


def _local_day(value: date | datetime) -> date:
    return to_user_timezone(value).date() if isinstance(value, datetime) else value


def _rounded(value: Decimal, digits: int, rounding: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUNDINGS[rounding])


def _pattern(whole: str, digits: int) -> str:
    return f"{whole}.{'#' * digits}" if digits else whole


def _percent(share: Decimal, digits: int) -> str:
    usual = _locale().percent_formats[None].pattern
    return babel_percent(
        share, format=usual.replace("#,##0", _pattern("#,##0", digits)), locale=_locale()
    )
