"""Calls from the tool to a platform: access tokens, addresses that may be called, answers.

Owns the table ``access_token`` and everything that LTI services share. What is asked of them belongs
to ``roster`` (NRPS) and ``gradebook`` (AGS).
"""
