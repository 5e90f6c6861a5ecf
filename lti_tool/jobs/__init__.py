"""Background work: the ``job`` row is the truth, Huey is the bell that wakes a worker.

A service adds a job in its own transaction (``enqueue``); once that is committed the bell is rung;
whichever worker hears it claims the most urgent row for a lease, runs its task, and writes the end.
One leader asks for the periodic work and gives back what a dead worker left. Tasks take
identifiers, may run twice, and do no harm when they do.
"""

from lti_tool.jobs.interruptions import Cancelled, Interrupted
from lti_tool.jobs.kinds import JobContext, JobError, task
from lti_tool.jobs.models import Job, JobState, Priority
from lti_tool.jobs.service import enqueue, find_job

__all__ = [
    "Cancelled",
    "Interrupted",
    "Job",
    "JobContext",
    "JobError",
    "JobState",
    "Priority",
    "enqueue",
    "find_job",
    "task",
]
