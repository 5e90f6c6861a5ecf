"""``python -m lti_tool.cli``: the same as the ``ancrage`` command."""

from lti_tool.cli import main

main()
