"""``core_webservice_get_site_info``: the site, the calling account and the functions of the token."""

from __future__ import annotations

import hashlib
from typing import Any

from lti_tool.demo.moodle.webservice.functions import CORE_VERSION, FUNCTIONS, Call, function
from lti_tool.demo.moodle.webservice.pictures import picture_url

_FEATURES = {
    "usecomments": 1,
    "usetags": 1,
    "enablenotes": 1,
    "messaging": 1,
    "enableblogs": 1,
    "enablecompletion": 1,
    "enablebadges": 1,
    "messagingallusers": 0,
    "enablecustomreports": 1,
    "enableglobalsearch": 0,
    "mnet_dispatcher_mode": 0,
    "enablecompetencies": 1,
}


@function("core_webservice_get_site_info")
def get_site_info(call: Call) -> dict[str, Any]:
    """Describe the site and the caller."""
    site, caller = call.site, call.caller
    served = site.service_functions
    return {
        "sitename": call.world.sitename,
        "username": caller.username,
        "firstname": caller.firstname,
        "lastname": caller.lastname,
        "fullname": caller.fullname,
        "lang": caller.lang,
        "userid": caller.id,
        "siteurl": site.base_url,
        "userpictureurl": picture_url(site, "f1"),
        "functions": [
            {"name": one.name, "version": one.version}
            for one in FUNCTIONS.values()
            if served is None or one.name in served
        ],
        "downloadfiles": 0,
        "uploadfiles": 0,
        "release": "4.5.6 (Build: 20250811)",
        "version": CORE_VERSION,
        "mobilecssurl": "",
        "advancedfeatures": [{"name": name, "value": on} for name, on in _FEATURES.items()],
        "usercanmanageownfiles": True,
        "userquota": 104857600,
        "usermaxuploadfilesize": 67108864,
        "userhomepage": 1,
        "userprivateaccesskey": hashlib.sha256(caller.username.encode()).hexdigest()[:32],
        "siteid": 1,
        "sitecalendartype": "gregorian",
        "usercalendartype": "gregorian",
        "userissiteadmin": caller.admin,
        "theme": "boost",
        "limitconcurrentlogins": 0,
        "policyagreed": 0,
    }
