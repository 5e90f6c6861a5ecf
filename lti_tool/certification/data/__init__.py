"""Rules shipped with the tool, as they are published on a new installation."""

from importlib.resources import files


def base_rule_text() -> str:
    """Return the YAML of the base rule, published once for every domain."""
    return files(__package__).joinpath("base_rule.yaml").read_text(encoding="utf-8")
