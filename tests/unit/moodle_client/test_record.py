"""Reading typed values: absent, null, zero and wrong are four different things."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from moodle_client import UnexpectedAnswer
from moodle_client.models.record import Record, records

WHERE = "core_some_function"


def test_absent_and_null_are_none_and_zero_is_zero() -> None:
    record = Record({"null": None, "zero": 0, "empty": ""}, WHERE)
    for key in ("absent", "null"):
        assert record.integer_or_none(key) is None
        assert record.decimal_or_none(key) is None
        assert record.flag_or_none(key) is None
        assert record.text_or_none(key) is None
    assert record.decimal_or_none("zero") == Decimal(0)
    assert record.flag_or_none("zero") is False
    assert record.text_or_none("empty") == ""


def test_numbers_are_exact_whether_written_as_numbers_or_as_texts() -> None:
    record = Record({"number": Decimal("79.03333"), "text": "84.56000", "whole": 12}, WHERE)
    assert str(record.decimal_or_none("number")) == "79.03333"
    assert str(record.decimal_or_none("text")) == "84.56000"
    assert str(record.decimal_or_none("whole")) == "12"


def test_ids_written_as_texts_are_numbers() -> None:
    assert Record({"id": "71"}, WHERE).integer("id") == 71


def test_moments_are_utc_and_zero_is_never() -> None:
    record = Record({"at": 1795297284, "never": 0}, WHERE)
    assert record.moment_or_none("at") == datetime(2026, 11, 21, 21, 41, 24, tzinfo=UTC)
    assert record.moment_or_none("never") is None


@pytest.mark.parametrize(
    "read",
    [
        lambda r: r.integer("text"),
        lambda r: r.integer("absent"),
        lambda r: r.integer("yes"),
        lambda r: r.integer("fraction"),
        lambda r: r.decimal_or_none("text"),
        lambda r: r.decimal_or_none("nan"),
        lambda r: r.decimal_or_none("yes"),
        lambda r: r.flag_or_none("two"),
        lambda r: r.flag("absent"),
        lambda r: r.text("list"),
        lambda r: r.text("absent"),
        lambda r: r.moment_or_none("huge"),
        lambda r: r.child("text"),
        lambda r: r.child("absent"),
        lambda r: r.children("text"),
        lambda r: r.children("list"),
        lambda r: r.integers("texts"),
        lambda r: r.texts("nulls"),
    ],
)
def test_a_value_of_another_type_is_unexpected_and_never_shown(
    read: Callable[[Record], object],
) -> None:
    fields = {
        "text": "secret words",
        "yes": True,
        "fraction": Decimal("1.5"),
        "nan": "NaN",
        "two": 2,
        "huge": 10**30,
        "list": [1],
        "texts": ["secret words"],
        "nulls": [None],
    }
    with pytest.raises(UnexpectedAnswer) as raised:
        read(Record(fields, WHERE))
    assert raised.value.wsfunction == WHERE
    assert "secret" not in repr(raised.value)
    assert raised.value.__cause__ is None


def test_lists_and_objects_are_not_taken_for_one_another() -> None:
    with pytest.raises(UnexpectedAnswer):
        records({"id": 1}, WHERE)
    with pytest.raises(UnexpectedAnswer):
        Record([], WHERE)


def test_a_cell_may_be_null_where_cells_may() -> None:
    record = Record({"cells": ["a", None]}, WHERE)
    assert record.texts_or_nones("cells") == ("a", None)
