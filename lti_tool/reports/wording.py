"""The words of the standings of a cohort."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.reports.cohort import Standing

STANDINGS = {
    Standing.CERTIFIED: _("certifié·e"),
    Standing.EXAMINED: _("en cours d’examen"),
    Standing.UNDER_WAY: _("en cours"),
    Standing.QUIET: _("à relancer"),
    Standing.ENROLLED: _("inscrit·e"),
}
TONES = {
    Standing.CERTIFIED: "success",
    Standing.EXAMINED: "info",
    Standing.UNDER_WAY: "info",
    Standing.QUIET: "warning",
    Standing.ENROLLED: "neutral",
}
