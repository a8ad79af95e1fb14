"""Addresses name things by what people may know of them, never by the database's own keys."""

from __future__ import annotations

from flask import Flask

COUNTED_BY_PEOPLE = {"number", "version"}
"""Whole numbers that people count by: the number of a round, the version of a draw."""


def test_no_address_holds_a_key_of_the_database(app: Flask) -> None:
    kept = app.url_map.converters["int"]
    keys = {
        f"{rule.rule}: {name}"
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if isinstance(converter, kept) and name not in COUNTED_BY_PEOPLE
    }
    assert keys == set()
