"""The site and the service account, from `core_webservice_get_site_info`."""

from dataclasses import dataclass

from moodle_client.models.record import Record


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What a token opens: which site, as whom, with which functions.

    The account's private file key, which Moodle puts in this answer, is left out on purpose.

    Attributes:
        release: for people, "4.5.6 (Build: 20250811)".
        version: comparable, "2024100706".
        is_site_admin: True is a warning in itself: a token should not be able to do everything.
        functions: names of the functions in the token's service.
    """

    site_name: str
    site_url: str
    release: str
    version: str
    user_id: int
    username: str
    user_fullname: str
    language: str
    is_site_admin: bool | None
    functions: frozenset[str]

    @classmethod
    def read(cls, record: Record) -> "SiteInfo":
        """Read the whole answer."""
        return cls(
            site_name=record.escaped_name("sitename"),
            site_url=record.text("siteurl"),
            release=record.text("release"),
            version=record.text("version"),
            user_id=record.integer("userid"),
            username=record.text("username"),
            user_fullname=record.name("fullname"),
            language=record.text("lang"),
            is_site_admin=record.flag_or_none("userissiteadmin"),
            functions=frozenset(item.text("name") for item in record.children("functions")),
        )
