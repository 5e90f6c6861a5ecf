"""The site and the service account."""

from moodle_client.calls.base import Calls
from moodle_client.functions import Function
from moodle_client.models.site import SiteInfo


class SiteCalls(Calls):
    """What the token opens."""

    def get_site_info(self) -> SiteInfo:
        """Tell which site answers, as whom, and the functions of the token's service.

        It works where nothing else does (site policy not agreed, no capability but REST).

        :calls: core_webservice_get_site_info
        """
        return SiteInfo.read(self._record(Function.SITE_INFO, {}))
