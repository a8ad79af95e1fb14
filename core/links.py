"""Private links: purpose, subject, expiry, revocation. A GET consumes nothing; the token itself is never stored.

The token is an HMAC of the link's random nonce under the server's secret: the database holds only its hash, and
the program can show or mail the same link again without keeping it anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from flask import current_app, session
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.access import Actor, Capacity, CapacityKind, actor_loader
from core.db import Base, Public, db, utc_now
from core.outbox import register_secret

COOKIE_FIELD = "link"
FILES = frozenset({CapacityKind.CALENDAR})
"""Purposes of links that lead to one file and never open a session."""


class PrivateLink(Base, Public):
    """One capacity for whoever holds the link: judge 17 of edition 3, until a moment, unless revoked."""

    __tablename__ = "private_link"

    purpose: Mapped[str] = mapped_column(String(20))
    edition_id: Mapped[int | None] = mapped_column(index=True)
    subject_id: Mapped[int | None] = mapped_column(index=True)
    bound_address: Mapped[str] = mapped_column(String(254), default="")
    nonce: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def capacity(self) -> Capacity:
        return Capacity(
            kind=CapacityKind(self.purpose), edition_id=self.edition_id, subject_id=self.subject_id
        )

    def is_usable(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


def create_link(
    *,
    purpose: CapacityKind,
    edition_id: int | None,
    subject_id: int | None,
    expires_at: datetime,
    bound_address: str = "",
) -> PrivateLink:
    """A new link for one capacity; earlier live links for the same purpose and subject are revoked."""
    for earlier in find_links(purpose=purpose, edition_id=edition_id, subject_id=subject_id):
        earlier.revoked_at = earlier.revoked_at or utc_now()
    nonce = secrets.token_urlsafe(32)
    link = PrivateLink(
        purpose=purpose.value,
        edition_id=edition_id,
        subject_id=subject_id,
        bound_address=bound_address,
        nonce=nonce,
        token_hash=_hash(_token(nonce)),
        created_at=utc_now(),
        expires_at=expires_at,
    )
    db.session.add(link)
    db.session.flush()
    return link


def find_links(*, purpose: CapacityKind, edition_id: int | None, subject_id: int | None) -> list[PrivateLink]:
    """Every link ever made for one purpose and subject, newest first."""
    query = select(PrivateLink).where(
        PrivateLink.purpose == purpose.value,
        PrivateLink.edition_id == edition_id,
        PrivateLink.subject_id == subject_id,
    )
    return list(db.session.scalars(query.order_by(PrivateLink.id.desc())))


def find_live_link(
    *, purpose: CapacityKind, edition_id: int | None, subject_id: int | None
) -> PrivateLink | None:
    """The link that works now, if there is one."""
    links = find_links(purpose=purpose, edition_id=edition_id, subject_id=subject_id)
    return next((link for link in links if link.is_usable(utc_now())), None)


def find_by_token(token: str) -> PrivateLink | None:
    """The usable link with this token that opens a session; None for unknown, expired and revoked alike."""
    link = _usable(token)
    return link if link is not None and link.purpose not in FILES else None


def find_file_link(token: str, purpose: CapacityKind) -> PrivateLink | None:
    """The usable link with this token that leads to a file of that purpose."""
    link = _usable(token)
    return link if link is not None and link.purpose == purpose and purpose in FILES else None


def _usable(token: str) -> PrivateLink | None:
    link = db.session.scalar(select(PrivateLink).where(PrivateLink.token_hash == _hash(token)))
    return link if link is not None and link.is_usable(utc_now()) else None


def file_address(link: PrivateLink, endpoint: str) -> str:
    """The full address of the file that a link leads to; the view behind `endpoint` takes its token."""
    routes = current_app.url_map.bind("localhost")
    return public_address(routes.build(endpoint, {"token": _token(link.nonce)}))


def revoke_link(link: PrivateLink) -> None:
    """End a link and every session that came through it."""
    link.revoked_at = link.revoked_at or utc_now()
    db.session.flush()


def address_of(link: PrivateLink) -> str:
    """The full address to give to the holder."""
    routes = current_app.url_map.bind("localhost")
    return public_address(routes.build("links.open_link", {"token": _token(link.nonce)}))


def public_address(path: str) -> str:
    """`path` with the public scheme and host in front (from the settings, never from the request's host)."""
    base: str = current_app.config["PUBLIC_URL"]
    return base.rstrip("/") + path


def continue_as(link: PrivateLink) -> None:
    """Make this browser session act with the link's one capacity (a deliberate POST)."""
    session.clear()
    session[COOKIE_FIELD] = link.id
    session.permanent = True
    link.last_used_at = utc_now()


def current_link() -> PrivateLink | None:
    """The link this browser session came through, while it is usable."""
    link_id = session.get(COOKIE_FIELD)
    if not isinstance(link_id, int):
        return None
    link = db.session.get(PrivateLink, link_id)
    return link if link is not None and link.is_usable(utc_now()) else None


class Landing(NamedTuple):
    """Where a link leads: whom it is for in words, the clean address, the zone that its holder counts time in.

    `is_shared`: the same link is given to several people, as the one with which captains register.
    `about`: what it is about where the title is a person: team and edition.
    `ends_at`: until when it is of use, where that is earlier than the link itself ends.
    """

    title: str
    url: str
    zone: str = "UTC"
    is_shared: bool = False
    ends_at: datetime | None = None
    about: str = ""


FindLanding = Callable[[PrivateLink], Landing]
_landings: dict[CapacityKind, FindLanding] = {}


def landing(kind: CapacityKind) -> Callable[[FindLanding], FindLanding]:
    """Register, for one purpose, `link -> Landing`."""

    def register(function: FindLanding) -> FindLanding:
        _landings[kind] = function
        return function

    return register


def landing_of(link: PrivateLink) -> Landing:
    """Whom a link is for, and where it leads."""
    return _landings[CapacityKind(link.purpose)](link)


@actor_loader
def load_link_actor() -> Actor | None:
    """The actor of a link session: one capacity, no account."""
    link = current_link()
    if link is None:
        return None
    return Actor(link_id=link.id, capacities=frozenset({link.capacity}))


def _token(nonce: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(key, b"private-link:" + nonce.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _address_for_mail(link_id: int) -> str | None:
    """What a `[[link:ID]]` place in a mail becomes at the moment of sending; nothing once the link has ended."""
    link = db.session.get(PrivateLink, link_id)
    return address_of(link) if link is not None and link.is_usable(utc_now()) else None


register_secret("link", _address_for_mail)
