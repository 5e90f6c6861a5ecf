"""Ancrage: an LTI 1.3 tool for Moodle that certifies advocacy skills and follows how they anchor."""

from importlib.metadata import version

__version__ = version("ancrage")
