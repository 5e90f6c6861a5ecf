"""``kill -9`` of workers, tool and engine at random moments of a synchronisation.

The processes are real: workers and a tool, forked from this one so that a start costs
milliseconds; a Redis and a PostgreSQL of our own; the stand-in Moodle over HTTP. What runs is the
reading of courses (``grades.pull_course``), whose grades change from round to round.

``python -m tests.kills --engine redis --moments 100``
"""
