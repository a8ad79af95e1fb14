"""`flask operator`: makes the first operator, and helps somebody who lost their second step."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from accounts import second_factor
from accounts.addresses import normalised_address
from accounts.challenges import link_of, start_challenge
from accounts.models import User
from accounts.people import add_person, add_user, find_user
from core.access import SYSTEM, Permission, requires
from core.audit import record
from core.db import unit_of_work
from core.errors import DomainError

operator = AppGroup("operator", help="Operators of this installation.")


@operator.command("create")
@click.argument("email")
@click.option("--name", default="", help="The name of a new operator; the address when left out.")
@requires(Permission.OPERATE)
def create_operator(email: str, name: str) -> None:
    """Make EMAIL an operator and print a link that signs them in once, within fifteen minutes."""
    try:
        with unit_of_work():
            address = normalised_address(email)
            user, what_happened = _make_operator(address, name)
            link = link_of(start_challenge(address, user))
    except DomainError as error:
        raise click.ClickException(error.text) from error
    click.echo(what_happened, err=True)
    click.echo(link)


@operator.command("reset-second-factor")
@click.argument("email")
@requires(Permission.OPERATE)
def reset_second_factor(email: str) -> None:
    """Forget the second step of EMAIL, who lost phone and recovery codes; make sure it is them who ask."""
    try:
        with unit_of_work():
            address = normalised_address(email)
            if (user := find_user(address)) is None:
                raise click.ClickException(f"{address} has no account here.")
            second_factor.forget(actor=SYSTEM, user=user)
    except DomainError as error:
        raise click.ClickException(error.text) from error
    click.echo(f"{address} has no second step any more and is asked to set one up where it is needed.")


def _make_operator(address: str, name: str) -> tuple[User, str]:
    user = find_user(address)
    if user is None:
        person = add_person(actor=SYSTEM, name=name or address)
        made = add_user(actor=SYSTEM, person=person, email=address, is_operator=True)
        return (
            made,
            f"{address} has an account now and is an operator. Open this link within fifteen minutes:",
        )
    if user.is_operator:
        return user, f"{address} was an operator already. Open this link within fifteen minutes to sign in:"
    user.is_operator = True
    record(SYSTEM, "make_operator", "user", user.id)
    return user, f"{address}, who had an account, is an operator now. Open this link within fifteen minutes:"
