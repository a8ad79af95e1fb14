"""Who may do what: permissions, capacities, the actor of a request, and the gate that denies by default.

A *capacity* is what a person is somewhere (director of edition 3, judge 17 of edition 3, member of employer 5).
A *permission* is something that can be done. GRANTS is the one table that says which capacity has which permission.
Features say which capacities a person has (`capacity_provider`) and which scope an address names (`scope_resolver`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CapacityKind(StrEnum):
    """What somebody can be. PERSON is any signed-in person, for themselves."""

    PERSON = "person"
    OPERATOR = "operator"
    DIRECTOR = "director"
    TAB = "tab"
    CAPTAIN = "captain"
    DELEGATE = "delegate"
    COACH = "coach"
    JUDGE = "judge"
    EMPLOYER = "employer"
    SUSPENDED_EMPLOYER = "suspended_employer"
    REGISTRANT = "registrant"
    REVIEWER = "reviewer"
    INVITEE = "invitee"
    CALENDAR = "calendar"


class Permission(StrEnum):
    """Everything that can be done; a route or command names exactly one."""

    OPERATE = "operate"
    CREATE_EDITION = "create_edition"
    SEE_EDITION = "see_edition"
    EDIT_EDITION = "edit_edition"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ROUNDS = "manage_rounds"
    MANAGE_RESULTS = "manage_results"
    PUBLISH = "publish"
    EXPORT_EDITION = "export_edition"
    MARK_TABLES = "mark_tables"
    MANAGE_TEAM = "manage_team"
    TAKE_PART = "take_part"
    REGISTER_TEAM = "register_team"
    FILE_DISPUTES = "file_disputes"
    REVIEW_APPLICATIONS = "review_applications"
    OWN_ACCOUNT = "own_account"
    JOIN_POOL = "join_pool"
    SEARCH_POOL = "search_pool"
    CONFIRM_DELETIONS = "confirm_deletions"


K = CapacityKind
ORGANISERS = frozenset({K.DIRECTOR, K.TAB})
GRANTS: dict[Permission, frozenset[CapacityKind]] = {
    Permission.OPERATE: frozenset({K.OPERATOR}),
    Permission.CREATE_EDITION: frozenset({K.OPERATOR}),
    Permission.SEE_EDITION: ORGANISERS,
    Permission.EDIT_EDITION: frozenset({K.DIRECTOR}),
    Permission.MANAGE_PEOPLE: ORGANISERS,
    Permission.MANAGE_ROUNDS: ORGANISERS,
    Permission.MANAGE_RESULTS: ORGANISERS,
    Permission.PUBLISH: frozenset({K.DIRECTOR}),
    Permission.EXPORT_EDITION: frozenset({K.DIRECTOR}),
    Permission.MARK_TABLES: frozenset({K.JUDGE}),
    Permission.MANAGE_TEAM: frozenset({K.CAPTAIN}),
    Permission.TAKE_PART: frozenset({K.CAPTAIN, K.DELEGATE, K.COACH, K.JUDGE}),
    Permission.REGISTER_TEAM: frozenset({K.REGISTRANT}),
    Permission.FILE_DISPUTES: frozenset({K.CAPTAIN, K.COACH}),
    Permission.REVIEW_APPLICATIONS: frozenset({K.DIRECTOR, K.TAB, K.REVIEWER}),
    Permission.OWN_ACCOUNT: frozenset({K.PERSON}),
    Permission.JOIN_POOL: frozenset({K.PERSON}),
    Permission.SEARCH_POOL: frozenset({K.EMPLOYER}),
    Permission.CONFIRM_DELETIONS: frozenset({K.EMPLOYER, K.SUSPENDED_EMPLOYER}),
}
NEEDS_SECOND_FACTOR = frozenset({K.OPERATOR, K.DIRECTOR, K.EMPLOYER, K.SUSPENDED_EMPLOYER})
"""Capacities that count only in a session confirmed by a second factor (outside the demo)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What the actor is, where. `edition_id` is None outside an edition; `subject_id` is the row that says so
    (team, delegate, judge, employer)."""

    kind: CapacityKind
    edition_id: int | None = None
    subject_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking. `link_id` is set when the only proof is a private link, which gives one capacity and no account.

    `person_id` is None for anonymous visitors, links and the system itself (commands, jobs).
    `withheld` are capacities that count only once the second factor is given.
    """

    name: str = ""
    person_id: int | None = None
    user_id: int | None = None
    link_id: int | None = None
    capacities: frozenset[Capacity] = frozenset()
    is_system: bool = False
    withheld: frozenset[Capacity] = frozenset()

    @property
    def lacks_second_factor(self) -> bool:
        return bool(self.withheld)

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def is_link(self) -> bool:
        return self.link_id is not None

    @property
    def is_known(self) -> bool:
        return self.is_signed_in or self.is_link

    @property
    def is_operator(self) -> bool:
        return any(capacity.kind is K.OPERATOR for capacity in self.capacities)

    def capacities_of(self, *kinds: CapacityKind, edition_id: int | None = None) -> list[Capacity]:
        """The actor's capacities of these kinds (in that edition, if given), in a stable order."""
        found = [
            capacity
            for capacity in self.capacities
            if capacity.kind in kinds and (edition_id is None or capacity.edition_id == edition_id)
        ]
        return sorted(found, key=lambda c: (c.kind, c.edition_id or 0, c.subject_id or 0))

    def may(self, permission: Permission, *, edition_id: int | None = None) -> bool:
        """Whether some capacity grants `permission`; one bound to an edition counts only there."""
        if self.is_system:
            return True
        return _grants(self.capacities, permission, edition_id)

    def might(self, permission: Permission, *, edition_id: int | None = None) -> bool:
        """Whether the second factor is all that `permission` lacks."""
        return _grants(self.withheld, permission, edition_id)

    def belongs_to(self, edition_id: int) -> bool:
        """Whether the actor is anything at all in that edition (then a refusal says why instead of 404)."""
        return any(capacity.edition_id == edition_id for capacity in self.capacities | self.withheld)


def _grants(capacities: Iterable[Capacity], permission: Permission, edition_id: int | None) -> bool:
    return any(
        capacity.kind in GRANTS[permission] and (edition_id is None or capacity.edition_id == edition_id)
        for capacity in capacities
    )


ANONYMOUS = Actor()
SYSTEM = Actor(name="system", is_system=True)


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the one permission a view or command needs. The scope comes from the address (`<slug>`)."""

    def declare(view: View) -> View:
        view.__access__ = permission  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare that anybody may call a view; the view itself decides what it shows."""
    view.__access__ = "public"  # type: ignore[attr-defined]
    return view


CapacityProvider = Callable[[int], Iterable[Capacity]]
ScopeResolver = Callable[[str], int | None]
_providers: list[CapacityProvider] = []
_resolvers: dict[str, ScopeResolver] = {}
_actor_loaders: list[Callable[[], Actor | None]] = []


def capacity_provider(function: CapacityProvider) -> CapacityProvider:
    """Register `person_id -> capacities`; each feature adds what it knows."""
    if function not in _providers:
        _providers.append(function)
    return function


def scope_resolver(argument: str) -> Callable[[ScopeResolver], ScopeResolver]:
    """Register how the route argument `argument` names an edition: `value -> edition_id or None`."""

    def register(function: ScopeResolver) -> ScopeResolver:
        _resolvers[argument] = function
        return function

    return register


def actor_loader(function: Callable[[], Actor | None]) -> Callable[[], Actor | None]:
    """Register a way to recognise the actor of the current request (signed-in user, private link)."""
    if function not in _actor_loaders:
        _actor_loaders.append(function)
    return function


def capacities_of_person(person_id: int) -> frozenset[Capacity]:
    """Everything a person is, as all features see it."""
    own = {Capacity(kind=K.PERSON, subject_id=person_id)}
    return frozenset(own.union(*(provider(person_id) for provider in _providers)))


def current_actor() -> Actor:
    """The actor of this request (worked out once), ANONYMOUS when nobody is recognised."""
    if "actor" not in g:
        g.actor = next((found for loader in _actor_loaders if (found := loader()) is not None), ANONYMOUS)
    actor: Actor = g.actor
    return actor


def forget_actor() -> None:
    """Work the actor out again (after signing in or out within a request)."""
    g.pop("actor", None)


def declared_access(app: Flask, endpoint: str) -> Permission | str | None:
    """What the view behind `endpoint` declares, or None."""
    return getattr(app.view_functions[endpoint], "__access__", None)


def guard_request() -> Response | None:
    """Let the request pass, or answer: sign in (nobody known), 404 (not yours to know), 403 (yours, not allowed)."""
    from flask import current_app

    if request.endpoint is None or request.endpoint == "static":
        return None
    access = declared_access(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if access == "public":
        return None
    if not isinstance(access, Permission):
        abort(404)
    actor = current_actor()
    if not actor.is_known:
        return _ask_to_sign_in()
    edition_id = _edition_of_address()
    if actor.may(access, edition_id=edition_id):
        return None
    if actor.might(access, edition_id=edition_id):
        return redirect(url_for("auth.second_factor", next=_here()))  # type: ignore[return-value]
    return abort(403 if edition_id is None or actor.belongs_to(edition_id) else 404)


def _edition_of_address() -> int | None:
    for argument, resolve in _resolvers.items():
        if request.view_args and argument in request.view_args:
            edition_id = resolve(request.view_args[argument])
            if edition_id is None:
                abort(404)
            return edition_id
    return None


def _ask_to_sign_in() -> Response:
    return redirect(url_for("auth.sign_in", next=_here()))  # type: ignore[return-value]


def _here() -> str | None:
    return request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
