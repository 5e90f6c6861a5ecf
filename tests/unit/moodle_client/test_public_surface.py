"""What the package offers, and what it leans on."""

import ast
import pickle
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import moodle_client
from moodle_client import MoodleClient, NotMoodle
from moodle_client.transport.secret import Secret

FOLDER = Path(moodle_client.__file__).parent
ALLOWED = {"ijson", "moodle_client", "requests", "urllib3"}


def test_everything_offered_exists_and_nothing_else_is_public() -> None:
    offered = set(moodle_client.__all__)
    assert all(hasattr(moodle_client, name) for name in offered)
    modules = {path.stem for path in FOLDER.glob("*.py")} | {"calls", "models", "transport"}
    public = {name for name in vars(moodle_client) if not name.startswith("_")}
    assert public - modules == offered


def test_it_leans_on_requests_ijson_and_the_standard_library_alone() -> None:
    import sys

    imported: set[str] = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    assert imported - set(sys.stdlib_module_names) == ALLOWED


def test_it_is_typed() -> None:
    assert (FOLDER / "py.typed").exists()


def test_typed_answers_cannot_be_changed() -> None:
    for name in moodle_client.__all__:
        offered = getattr(moodle_client, name)
        if is_dataclass(offered):
            assert offered.__dataclass_params__.frozen, name
            assert not hasattr(offered, "__dict__") or "__slots__" in vars(offered), name
            assert fields(offered)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "campus.example.test",
        "ftp://campus.example.test",
        "https://",
        "https://someone:word@campus.example.test",
        "https://campus.example.test/?redirect=0",
        "https://campus.example.test/#top",
    ],
)
def test_an_address_that_is_none_is_refused_at_once(address: str) -> None:
    with pytest.raises(NotMoodle) as raised:
        MoodleClient(address, "token")
    assert raised.value.reason == "address"


def test_an_address_may_have_a_folder_and_a_slash() -> None:
    client = MoodleClient(" https://example.test/moodle/ ", "token")
    assert client.base_url == "https://example.test/moodle"
    assert repr(client) == "MoodleClient('https://example.test/moodle')"


def test_a_secret_is_neither_shown_nor_written() -> None:
    secret = Secret("5e1f0b7c")
    assert "5e1f" not in f"{secret} {secret!r}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret.reveal() == "5e1f0b7c"
