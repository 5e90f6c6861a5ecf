"""What proves an award: its number, its PDF, its verification page.

Whether an award is deserved is decided in ``certification``; this room only shows that it was.
"""
