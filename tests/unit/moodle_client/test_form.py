"""Parameters written Moodle's way."""

from moodle_client.transport import encode_form


def test_nested_values_become_bracketed_names() -> None:
    parameters = {
        "courseid": 6,
        "options": [{"name": "limitfrom", "value": 0}, {"name": "sortby", "value": "id"}],
        "events": {"courseids": [2, 6]},
    }
    assert encode_form(parameters) == [
        ("courseid", "6"),
        ("options[0][name]", "limitfrom"),
        ("options[0][value]", "0"),
        ("options[1][name]", "sortby"),
        ("options[1][value]", "id"),
        ("events[courseids][0]", "2"),
        ("events[courseids][1]", "6"),
    ]


def test_booleans_are_one_and_zero() -> None:
    assert encode_form({"yes": True, "no": False}) == [("yes", "1"), ("no", "0")]


def test_none_and_empty_lists_leave_no_trace_and_empty_texts_do() -> None:
    assert encode_form({"a": None, "b": [], "c": {}, "d": ""}) == [("d", "")]
