"""The site and the service account."""

from collections.abc import Collection

from moodle_client.calls.base import Calls
from moodle_client.errors import OtherSite
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

    def require_site(self, addresses: Collection[str]) -> SiteInfo:
        """Make sure that the Moodle that answers is the one expected.

        Args:
            addresses: those that the site may give itself, without final slash.

        Raises:
            OtherSite: it gives itself another one; nothing that it says is about the site.

        :calls: core_webservice_get_site_info
        """
        site = self.get_site_info()
        if site.site_url.rstrip("/") not in addresses:
            raise OtherSite(wsfunction=Function.SITE_INFO, reason="site_address")
        return site
