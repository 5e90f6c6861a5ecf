"""What is wrong between the tool and one Moodle site, in words: what, why, what to do, and who can.

``stored`` reads what is known already; ``asked`` asks the site now. What only a room further on can
see is told by a prober that the wiring of the application gives (``probe_with``). A thing that
cannot be seen from here is told as a supposition, or as not verified, and never as a fault.
"""

from lti_tool.platforms.diagnosis.check import Check, Level, Who
from lti_tool.platforms.diagnosis.composing import diagnose_site, probe_with

__all__ = ["Check", "Level", "Who", "diagnose_site", "probe_with"]
