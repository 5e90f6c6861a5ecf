"""Persons, their Moodle accounts, grants (who may do what), consents, sessions.

LTI roles make learners and trainers of one course and nothing else; every other right is a grant
in this room (N4). Two accounts are one person only by that person's own proof, never by e-mail (N15).
"""
