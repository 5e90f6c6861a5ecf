"""Moodle sites that the tool serves: addresses, LTI registrations and deployments, tool keys,
web-service tokens, the courses seen there.

Owns what the tool knows of a *platform*; not who the people are (``people``), nor launches (``lti``).
"""
