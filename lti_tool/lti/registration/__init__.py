"""LTI Dynamic Registration 1.0: an administrator opens our link in Moodle, and Moodle and the tool agree.

Owns what is said between them; invitations and what is stored belong to ``platforms.invitations``.
Source: 1EdTech LTI Dynamic Registration 1.0; recordings ``dynreg-*.json``; docs/decisions/0016.
"""
