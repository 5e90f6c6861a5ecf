"""The functions known: documented, named as the recordings name them."""

import ast
import itertools
from pathlib import Path

from moodle_client import Function, MoodleClient, functions
from moodle_client.functions import find_function


def test_every_function_is_documented_and_names_its_capabilities() -> None:
    tree = ast.parse(Path(functions.__file__).read_text(encoding="utf-8"))
    body = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Function").body
    documented = {
        before.targets[0].id
        for before, after in itertools.pairwise(body)
        if isinstance(before, ast.Assign)
        and isinstance(before.targets[0], ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    }
    assert documented == {function.name for function in Function}
    assert all(function.capabilities for function in Function)
    assert all("/" in name and ":" in name for f in Function for name in f.capabilities)


def test_every_function_has_a_method_that_says_so() -> None:
    called = {
        line.split(":calls:")[1].strip()
        for name in dir(MoodleClient)
        if not name.startswith("_")
        for line in (getattr(MoodleClient, name).__doc__ or "").splitlines()
        if ":calls:" in line
    }
    assert called == {function.value for function in Function}


def test_a_function_is_found_by_name_and_no_other() -> None:
    assert find_function("core_course_get_courses") is Function.COURSES
    assert find_function("core_user_create_users") is None
