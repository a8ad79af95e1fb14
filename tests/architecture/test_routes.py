"""Every route as every kind of person, and with another edition's ids: generated from the application itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click import Group
from flask import Flask
from sqlalchemy import Connection, text
from werkzeug.routing import IntegerConverter, Rule

from core.access import GRANTS, CapacityKind, Permission, declared_access
from core.db import db
from core.idempotency import FIELD, new_key
from tests.architecture.world import World, make_world

OF_OTHERS = ("director", "tab")


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """The application with everybody in it; forms need no token here, since the gate is what is tried."""
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    try:
        yield make_world(app)
    finally:
        app.config.update(WTF_CSRF_ENABLED=True, PROPAGATE_EXCEPTIONS=None)


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Every (rule, method) the application answers, except static files."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})
    ]


def address(app: Flask, rule: Rule, arguments: dict[str, object]) -> str:
    """The rule's address with `arguments`, and something that does not exist where they say nothing."""
    values = {name: arguments.get(name, _unknown(rule, name)) for name in rule.arguments}
    return app.url_map.bind("localhost").build(
        rule.endpoint, values, method=next(iter(rule.methods or {"GET"}))
    )


def _unknown(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    if type(converter).__name__ == "AnyConverter":
        return next(iter(converter.items))  # type: ignore[attr-defined]
    return 999_999 if isinstance(converter, IntegerConverter) else "nothing-of-this-name"


def call(world: World, who: str, rule: Rule, method: str, arguments: dict[str, object]) -> tuple[int, str]:
    """Call a route and undo whatever it did; returns status and where it leads."""
    db.session.remove()
    connection = db.session.get_bind()
    assert isinstance(connection, Connection)
    savepoint = connection.begin_nested()
    try:
        response = world.browsers[who].open(
            address(world.app, rule, arguments), method=method, data={FIELD: new_key()}
        )
    finally:
        db.session.remove()
        savepoint.rollback()
    return response.status_code, response.headers.get("Location", "")


def expected(world: World, who: str, access: Permission, *, in_edition: bool) -> set[int] | None:
    """The statuses that are right for somebody who lacks `access`, None for somebody who has it."""
    kinds = world.kinds[who]
    if kinds & GRANTS[access]:
        return None
    if not kinds:
        return {302}
    outside = {
        CapacityKind.PERSON,
        CapacityKind.OPERATOR,
        CapacityKind.EMPLOYER,
        CapacityKind.SUSPENDED_EMPLOYER,
    }
    insider = kinds - outside
    return {403} if insider or not in_edition else {404}


def those_let_in(world: World, rule: Rule) -> list[str]:
    """Everybody whom the gate lets through to a route's view: the others change nothing, since nothing runs."""
    access = declared_access(world.app, rule.endpoint)
    if not isinstance(access, Permission):
        return list(world.browsers)
    return [who for who in world.browsers if expected(world, who, access, in_edition=True) is None]


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    undeclared = [
        rule.endpoint
        for rule, _method in rules(app)
        if declared_access(app, rule.endpoint) != "public"
        and not isinstance(declared_access(app, rule.endpoint), Permission)
    ]
    assert undeclared == []


def test_every_command_declares_the_permission_it_needs(app: Flask) -> None:
    ours = ("accounts.", "competition.", "core.", "judging.", "tabroom.", "talent_pool.")
    undeclared = []
    commands = list(app.cli.commands.values())
    while commands:
        command = commands.pop()
        if isinstance(command, Group):
            commands += command.commands.values()
            continue
        callback = command.callback
        declared = getattr(callback, "__access__", None) or getattr(
            getattr(callback, "__wrapped__", None), "__access__", None
        )
        module = getattr(getattr(callback, "__wrapped__", callback), "__module__", "")
        if module.startswith(ours) and declared is None:
            undeclared.append(command.name)
    assert undeclared == []


def test_nobody_passes_the_gate_without_the_permission_and_nobody_meets_a_crash(world: World) -> None:
    wrong = []
    for rule, method in rules(world.app):
        access = declared_access(world.app, rule.endpoint)
        for who in world.browsers:
            status, location = call(world, who, rule, method, world.own.arguments)
            right = None
            if isinstance(access, Permission):
                right = expected(world, who, access, in_edition="slug" in rule.arguments)
            if status >= 500 or (right is not None and status not in right):
                wrong.append((who, method, rule.rule, status, location, right))
            if right is None and access != "public" and "/sign-in" in location:
                wrong.append((who, method, rule.rule, status, location, "was let in"))
    assert not wrong, "\n".join(map(str, wrong))


def test_nobody_reaches_things_of_another_edition_through_their_own(world: World) -> None:
    wrong = []
    for rule, method in rules(world.app):
        foreign = {
            name: world.other.arguments[name] for name in rule.arguments if name in world.other.arguments
        }
        foreign.pop("slug", None)
        foreign = {
            name: value for name, value in foreign.items() if name not in ("number", "version", "role")
        }
        if "slug" not in rule.arguments or not foreign:
            continue
        for who in OF_OTHERS:
            for name, value in foreign.items():
                status, location = call(world, who, rule, method, {**world.own.arguments, name: value})
                if status not in (403, 404):
                    wrong.append((who, method, rule.rule, name, status, location))
    assert not wrong, "\n".join(map(str, wrong))


def test_a_get_changes_nothing(world: World) -> None:
    def counts() -> dict[str, int]:
        tables = db.metadata.sorted_tables
        return {
            t.name: db.session.execute(text(f"SELECT count(*) FROM {t.name}")).scalar_one() for t in tables
        }

    before, called = counts(), 0
    for rule, method in rules(world.app):
        if method == "GET":
            for who in those_let_in(world, rule):
                world.browsers[who].get(address(world.app, rule, world.own.arguments))
                called += 1
    assert called > len(world.browsers)
    assert counts() == before
