"""Addresses that other features have invited: they may sign in by e-mail although they have no account yet."""

from __future__ import annotations

from collections.abc import Callable

InvitedAddress = Callable[[str], str | None]
_providers: list[InvitedAddress] = []


def invited_address_provider(function: InvitedAddress) -> InvitedAddress:
    """Register `normalised address -> the name it was invited under`, None when it was not invited."""
    if function not in _providers:
        _providers.append(function)
    return function


def find_invited_name(address: str) -> str | None:
    """The name under which some feature invites this address now; every provider is asked."""
    names = [name for provider in _providers if (name := provider(address)) is not None]
    return names[0] if names else None
