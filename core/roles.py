"""The four roles of every table, in the order in which they always appear (stdlib only: pure code imports it)."""

from enum import StrEnum


class Role(StrEnum):
    """One of the four parts at a table; the value is the word used in workbooks, URLs and JSON."""

    GOVERNMENT = "government"
    ENTERPRISE = "enterprise"
    LOCAL_NGO = "local_ngo"
    IGO = "igo"


ROLES: tuple[Role, ...] = tuple(Role)
