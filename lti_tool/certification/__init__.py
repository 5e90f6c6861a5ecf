"""Certification: published rules, evidence of real action, decisions by people, awards.

The engine proposes, a person decides (R060). Nothing is ever deleted and nothing revokes itself
(N9, N14). Documents that prove an award belong to ``credentials``.
"""
