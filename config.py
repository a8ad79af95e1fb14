"""Typed settings, read once from the environment, with safe defaults for one machine."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"


class BadSettings(SystemExit):
    """The environment does not allow a safe start; carries one clear line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between one laptop and a production installation.

    `environment` is "development", "testing" or "production" and is never inferred from anything else.
    `trusted_hops` counts the reverse proxies whose forwarded headers are believed.
    Sizes are bytes, limits are Flask-Limiter expressions. `operator_name` and `operator_contact` say in the talent
    pool who runs the installation, `country` (ISO code) where: employers elsewhere are abroad.
    """

    environment: str = "development"
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    public_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    trusted_hops: int = 0
    secure_cookies: bool = False
    redis_url: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "Parley <parley@localhost>"
    instance_path: Path = INSTANCE
    max_upload: int = 12 * 1024 * 1024
    limit_per_address: str = "3000 per minute"
    limit_sign_in: str = "10 per 15 minutes"
    log_level: str = "INFO"
    operator_name: str = ""
    operator_contact: str = ""
    country: str = "CN"

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_testing(self) -> bool:
        return self.environment == "testing"

    @property
    def is_default_database(self) -> bool:
        """Whether this is the SQLite file that `make run` makes: the only place where demo people may live."""
        return self.database_url == default_database_url(self.instance_path)

    @property
    def may_hold_demo(self) -> bool:
        """Whether demo people, who need no second factor, may be let in here (tests make their own)."""
        return self.is_testing or (self.is_default_database and not self.is_production)


def default_database_url(instance_path: Path = INSTANCE) -> str:
    return f"sqlite:///{instance_path / 'parley.sqlite'}"


def normalised_database_url(url: str) -> str:
    """The URL with the driver that is installed; accepts the common postgres:// spelling."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (default: the process environment).

    Raises BadSettings when production is asked for without its secret, public address or trusted hosts, and
    for a value that cannot be what was meant.
    """
    env = os.environ if environ is None else environ
    environment = env.get("PARLEY_ENV", "development")
    if environment not in ("development", "testing", "production"):
        raise BadSettings(f"PARLEY_ENV is {environment!r}; it must be development, testing or production.")
    instance = Path(env.get("PARLEY_INSTANCE", str(INSTANCE)))
    hosts = tuple(host.strip() for host in env.get("PARLEY_TRUSTED_HOSTS", "").split(",") if host.strip())
    public_url = env.get("PARLEY_PUBLIC_URL", "").rstrip("/")
    if environment == "production":
        _refuse_incomplete_production(env, hosts, public_url)
    return Settings(
        environment=environment,
        secret_key=env.get("PARLEY_SECRET_KEY") or _local_secret(instance),
        database_url=_known_database(env.get("DATABASE_URL") or default_database_url(instance)),
        public_url=_whole_address(public_url),
        trusted_hosts=hosts,
        trusted_hops=_count("PARLEY_TRUSTED_HOPS", env.get("PARLEY_TRUSTED_HOPS") or "0"),
        secure_cookies=_is_true(
            env.get("PARLEY_SECURE_COOKIES", ""), default=public_url.startswith("https://")
        ),
        redis_url=env.get("REDIS_URL", ""),
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("PARLEY_MAIL_FROM", "Parley <parley@localhost>"),
        instance_path=instance,
        limit_per_address=env.get("PARLEY_LIMIT_PER_ADDRESS", "3000 per minute"),
        limit_sign_in=env.get("PARLEY_LIMIT_SIGN_IN", "10 per 15 minutes"),
        log_level=_level(env.get("PARLEY_LOG_LEVEL") or "INFO"),
        operator_name=env.get("PARLEY_OPERATOR_NAME", ""),
        operator_contact=env.get("PARLEY_OPERATOR_CONTACT", ""),
        country=_country(env.get("PARLEY_COUNTRY") or "CN"),
    )


def _refuse_incomplete_production(env: Mapping[str, str], hosts: tuple[str, ...], public_url: str) -> None:
    missing = [
        name
        for name, present in (
            ("PARLEY_SECRET_KEY (32 characters or more)", len(env.get("PARLEY_SECRET_KEY", "")) >= 32),
            ("PARLEY_PUBLIC_URL", bool(public_url)),
            ("PARLEY_TRUSTED_HOSTS", bool(hosts)),
            ("DATABASE_URL", bool(env.get("DATABASE_URL"))),
        )
        if not present
    ]
    if missing:
        raise BadSettings("Parley cannot start in production without: " + ", ".join(missing) + ".")


def _known_database(url: str) -> str:
    url = normalised_database_url(url)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSettings("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return url


def _whole_address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise BadSettings(f"PARLEY_PUBLIC_URL is {url!r}; it must begin with https:// (or http://).")
    return url


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise BadSettings(f"{name} is {text!r}; it must be a small whole number, 0 or more.")
    return int(text)


def _country(text: str) -> str:
    if not (text.isascii() and text.isalpha() and len(text) == 2):
        raise BadSettings(f"PARLEY_COUNTRY is {text!r}; it must be a country's two letters, such as CN.")
    return text.upper()


def _level(text: str) -> str:
    if text.upper() not in logging.getLevelNamesMapping():
        raise BadSettings(f"PARLEY_LOG_LEVEL is {text!r}; it must be DEBUG, INFO, WARNING or ERROR.")
    return text.upper()


def _is_true(text: str, *, default: bool) -> bool:
    return default if not text else text.strip().lower() in ("1", "yes", "true", "on")


def _local_secret(instance: Path) -> str:
    """A random secret kept beside the database, made at the first start on one machine."""
    path = instance / "secret_key"
    instance.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()
