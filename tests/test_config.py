"""Settings: safe on one machine without any, and one clear line for what cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_app
from config import BadSettings, Settings, default_database_url, load_settings

PRODUCTION = {
    "PARLEY_ENV": "production",
    "PARLEY_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "PARLEY_PUBLIC_URL": "https://parley.example.org/",
    "PARLEY_TRUSTED_HOSTS": "parley.example.org, www.example.org",
    "DATABASE_URL": "postgres://parley@db/parley",
}


def settings(folder: Path, **environ: str) -> Settings:
    return load_settings({"PARLEY_INSTANCE": str(folder), **environ})


def test_without_any_setting_one_machine_has_its_own_secret_and_database(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)
    assert first.database_url == default_database_url(tmp_path)
    assert (first.secret_key, len(first.secret_key) >= 32) == (second.secret_key, True)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (first.is_production, first.trusted_hops, first.secure_cookies) == (False, 0, False)


def test_production_has_secure_cookies_and_exactly_its_hosts(tmp_path: Path) -> None:
    found = settings(tmp_path, **PRODUCTION)
    assert (found.secure_cookies, found.trusted_hosts) == (True, ("parley.example.org", "www.example.org"))
    assert (found.public_url, found.database_url) == (
        "https://parley.example.org",
        "postgresql+psycopg://parley@db/parley",
    )


@pytest.mark.parametrize("missing", [name for name in PRODUCTION if name != "PARLEY_ENV"])
def test_production_stops_without_any_of_its_settings(tmp_path: Path, missing: str) -> None:
    with pytest.raises(BadSettings, match=missing):
        settings(tmp_path, **{**PRODUCTION, missing: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARLEY_ENV", "prod"),
        ("PARLEY_SECRET_KEY", "short"),
        ("PARLEY_TRUSTED_HOPS", "one"),
        ("PARLEY_TRUSTED_HOPS", "-1"),
        ("PARLEY_TRUSTED_HOPS", "²"),
        ("PARLEY_LOG_LEVEL", "loud"),
        ("PARLEY_PUBLIC_URL", "parley.example.org"),
        ("DATABASE_URL", "mysql://parley@db/parley"),
        ("DATABASE_URL", "parley.sqlite"),
    ],
)
def test_a_value_that_cannot_be_meant_stops_the_start_with_its_name(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(BadSettings, match=name):
        settings(tmp_path, **{**PRODUCTION, name: value})


@pytest.mark.parametrize(
    ("name", "value"), [("SMTP_URL", "mail.example.org"), ("PARLEY_LIMIT_SIGN_IN", "often")]
)
def test_a_wrong_mail_server_or_limit_stops_the_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=r"SMTP_URL|is not a limit"):
        create_app(settings(tmp_path, **{name: value}))


@pytest.mark.parametrize(
    ("environ", "may_hold_demo"),
    [
        ({}, True),
        ({"DATABASE_URL": "sqlite:////somewhere/else.sqlite"}, False),
        ({"DATABASE_URL": "postgresql://db/parley"}, False),
        (PRODUCTION, False),
    ],
)
def test_demo_people_live_in_the_default_database_only(
    tmp_path: Path, environ: dict[str, str], may_hold_demo: bool
) -> None:
    assert settings(tmp_path, **environ).may_hold_demo is may_hold_demo


def test_not_even_the_default_database_holds_demo_people_in_production(tmp_path: Path) -> None:
    found = settings(tmp_path, **{**PRODUCTION, "DATABASE_URL": default_database_url(tmp_path)})
    assert (found.is_default_database, found.may_hold_demo) == (True, False)
