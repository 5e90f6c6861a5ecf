"""Each measure of ``make bench`` runs in a tiny size, and its figures say what they should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks.figures import Figure, Verdict, ratio
from tests.benchmarks.measures import MEASURES
from tests.benchmarks.size import TINY
from tests.benchmarks.table import table

COUNTED = (
    "queries",
    "calls going out",
    "gradebook calls",
    "snapshots written",
    "rows written",
    "first page",
)
"""What does not depend on how busy the machine is."""


@pytest.mark.parametrize("name", [name for name in MEASURES if name != "demo"])
def test_a_measure_runs_in_a_tiny_size_and_keeps_what_is_counted(name: str) -> None:
    figures = list(MEASURES[name](TINY))
    assert figures
    for figure in figures:
        assert figure.values
        if any(word in figure.what for word in COUNTED):
            assert figure.verdict is Verdict.HELD, figure


def test_the_demonstration_is_measured_from_an_empty_folder() -> None:
    figures = {figure.what: figure for figure in MEASURES["demo"](TINY)}
    assert figures["first start, with its filling"].median > 0
    assert figures["memory of all processes (PSS)"].verdict is Verdict.HELD
    assert "start, once filled" not in figures  # no second start in the tiny size


def test_a_missed_limit_leaves_with_1_and_writes_the_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        command,
        "MEASURES",
        {
            "held": lambda _size: iter([Figure("a launch", "ms", (40.0,), 50)]),
            "missed": lambda _size: iter([Figure("a page", "ms", (40.0, 60.0), 50)]),
        },
    )
    written = tmp_path / "figures.json"
    assert command.main(["--only", "held"]) == 0
    assert command.main(["--json", str(written)]) == 1
    assert "limits missed: a page" in capsys.readouterr().out
    figures = json.loads(written.read_text(encoding="utf-8"))["figures"]
    assert figures["missed"][0]["verdict"] == "MISSED"
    assert figures["missed"][0]["median"] == 50


def test_a_limit_missed_while_others_hold_the_cores_is_undecided() -> None:
    assert Figure("a page", "ms", (60.0,), 50, others=0.5).verdict is Verdict.UNDECIDED
    assert Figure("a page", "ms", (60.0,), 50, others=0.1).verdict is Verdict.MISSED
    assert Figure("a page", "ms", (40.0,), 50, others=0.5).verdict is Verdict.HELD


def test_the_95th_percentile_is_a_value_that_was_measured() -> None:
    figure = Figure("a launch", "ms", tuple(float(n) for n in range(1, 101)), 95, judged="p95")
    assert (figure.median, figure.p95, figure.low, figure.high) == (50.5, 95, 1, 100)
    assert figure.verdict is Verdict.HELD


def test_a_ratio_shows_the_drift_between_its_halves() -> None:
    figure = ratio("ours beside theirs", [2.0, 2.0, 3.0, 3.0], [1.0, 1.0, 1.0, 1.0])
    assert (figure.median, figure.low, figure.high) == (2.5, 2, 3)


def test_the_table_names_limit_and_verdict() -> None:
    title, head, line = table("launch", [Figure("a launch", "ms", (40.0, 42.0), 50)])
    assert title == "\nlaunch"
    assert "median" in head
    assert " ".join(line.split()) == "a launch ms 41 42 40–42 2 high ≤ 50 held"
