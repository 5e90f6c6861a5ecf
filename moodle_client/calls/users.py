"""People of the site."""

from collections.abc import Mapping, Sequence
from typing import Literal

from moodle_client.calls.base import Calls, in_chunks
from moodle_client.errors import InvalidParameter
from moodle_client.functions import Function
from moodle_client.models.listing import Listing
from moodle_client.models.people import User

UserField = Literal["id", "idnumber", "username", "email"]
SEARCH_KEYS = frozenset({"id", "lastname", "firstname", "idnumber", "username", "email", "auth"})


class UserCalls(Calls):
    """Accounts, by field and by search."""

    def get_users_by_field(
        self, field: UserField, values: Sequence[int | str], *, include_deleted: bool = False
    ) -> list[User]:
        """List the accounts that have one of these values, in several calls when there are many.

        People who don't exist and people who cannot be seen (`moodle/user:viewdetails`) are left
        out alike. E-mails match whatever their case.

        Args:
            field: the field compared.
            values: the values looked for.
            include_deleted: keep deleted accounts, which Moodle gives when asked by id
                (`User.is_deleted`).

        :calls: core_user_get_users_by_field
        """
        users = (
            User.read(item)
            for chunk in in_chunks(values)
            for item in self._records(Function.USERS_BY_FIELD, {"field": field, "values": chunk})
        )
        return [user for user in users if include_deleted or not user.is_deleted]

    def get_users(self, criteria: Mapping[str, str]) -> Listing[User]:
        """Search accounts that meet every criterion; `%` stands for any text in names and e-mail.

        A name stored with decomposed accents is not found with composed ones: compare with
        `name_key` instead of trusting a search by name.

        Args:
            criteria: at least one of `SEARCH_KEYS` and its value.

        Raises:
            InvalidParameter: no criterion, or one that Moodle does not know; Moodle itself would
                ignore it and answer with every account of the site.

        :calls: core_user_get_users
        """
        if not criteria or not criteria.keys() <= SEARCH_KEYS:
            raise InvalidParameter(wsfunction=Function.USERS, reason="criterion")
        parameters = {"criteria": [{"key": k, "value": v} for k, v in criteria.items()]}
        users = Listing.read(self._record(Function.USERS, parameters), "users", User.read)
        if any(warning.code == "invalidfieldparameter" for warning in users.warnings):
            raise InvalidParameter(wsfunction=Function.USERS, reason="criterion")
        return users
