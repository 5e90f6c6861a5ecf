"""The ground floor of every page: access, sessions of the database, languages, headers, errors.

Knows no word of advocacy. Rooms declare who may see each view with the decorators of ``access``.
"""
