"""LTI 1.3: login, launch, and later deep linking, registration, NRPS, AGS.

The only room that imports ``pylti1p3``. A launch ends in a session of ``people`` with a course and
a role; this room decides nothing about advocacy.
"""
