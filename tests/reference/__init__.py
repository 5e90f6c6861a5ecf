"""The parts of docs/ that are written from the code, so that they cannot say anything else.

A page holds blocks between two marks; each block is the text of one function of this package.
``python -m tests.reference --write`` writes them (``make docs``); a test fails when one is out of date.
"""
