"""What a demonstration keeps from one start to the next, and what it begins again."""

from __future__ import annotations

from pathlib import Path

from lti_tool.demo.installation import DemoInstallation


def made(folder: Path) -> DemoInstallation:
    """An installation whose tool has a database."""
    demo = DemoInstallation(folder, 8000)
    demo.settings()
    demo.tool_dir.mkdir()
    (demo.tool_dir / "ancrage.sqlite3").touch()
    return demo


def test_what_was_filled_to_its_end_is_kept(tmp_path: Path) -> None:
    demo = made(tmp_path)
    demo.mark_filled()
    demo.forget_unfinished()
    assert demo.is_filled()
    assert (demo.tool_dir / "ancrage.sqlite3").is_file()


def test_a_filling_that_was_interrupted_begins_again_with_the_same_key(tmp_path: Path) -> None:
    demo = made(tmp_path)
    key = demo.settings().secret_keys
    demo.forget_unfinished()
    assert not demo.tool_dir.exists()
    assert demo.settings().secret_keys == key


def test_a_folder_that_is_not_a_demonstration_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "tool" / "notes.txt"
    theirs.parent.mkdir()
    theirs.touch()
    DemoInstallation(tmp_path, 8000).forget_unfinished()
    assert theirs.is_file()
