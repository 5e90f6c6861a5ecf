"""The only part that speaks HTTP: sends one form, gives back the JSON answer or raises a MoodleError.

Owns the token, sessions, timeouts, retries and the reading of Moodle's error answers. Knows nothing
of what an answer means: that is `moodle_client.models`.
"""

from moodle_client.transport.certificates import CertificateFault, certificate_fault
from moodle_client.transport.connection import Transport
from moodle_client.transport.form import Parameters, encode_form
from moodle_client.transport.options import CallRecord, Connector, TransportOptions

__all__ = [
    "CallRecord",
    "CertificateFault",
    "Connector",
    "Parameters",
    "Transport",
    "TransportOptions",
    "certificate_fault",
    "encode_form",
]
