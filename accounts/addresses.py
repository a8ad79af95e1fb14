"""E-mail addresses that people sign in with: one spelling per address, no look-up in the network."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email

from core.errors import Invalid

MAXIMUM = 254


def normalised_address(text: str | None) -> str:
    """The one spelling under which an address is stored and found. Raises Invalid when it is none.

    Case never matters: no mail service that people use tells addresses apart by it.
    """
    if (address := find_normalised(text)) is None:
        raise Invalid("“%(address)s” is not an e-mail address.", address=" ".join((text or "").split())[:80])
    return address


def find_normalised(text: str | None) -> str | None:
    """Like `normalised_address`, with None where the text is no address.

    Full-width letters, as Chinese keyboards type them, are the plain ones.
    """
    plain = unicodedata.normalize("NFKC", text or "").strip()
    try:
        found = validate_email(plain, check_deliverability=False, test_environment=True, allow_smtputf8=True)
    except EmailNotValidError:
        return None
    address = found.normalized.lower()
    return address if len(address) <= MAXIMUM else None
