"""A person with a browser of their own; whatever the browser complains about is remembered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from tests.journeys.house import House

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
WIDE = {"viewport": {"width": 1440, "height": 900}}
REFUSED_DOCUMENT = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@dataclass
class Visitor:
    """One browser context and its page (no slots: playwright attaches its wrappers to whoever listens)."""

    house: House
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    is_offline: bool = False

    def go(self, path: str) -> None:
        """Open an address of the house, given as a path or in full."""
        self.page.goto(path if path.startswith("http") else self.house.url + path)

    def sign_in(self, account: str) -> None:
        """Sign in as a demo person with their password."""
        person = self.house.people[account]
        self.go("/sign-in")
        self.page.get_by_label("E-mail").first.fill(person.address)
        self.page.get_by_label("Password", exact=True).fill(person.password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("What is next for you")

    def create_account(self, name: str, address: str) -> None:
        """Create an account and prove the address with the code that was mailed."""
        known = len(self.house.mailbox.mails)
        self.go("/account/new")
        self.fill("Your name", name, exact=True)
        self.fill("E-mail address", address)
        self.press("Create account")
        self.sees_heading("Look at your mail")
        self.fill("code", self.house.mailbox.code_for(address, after=known))
        self.press("Continue")
        self.sees_heading("What is next for you")

    def follow(self, link: str) -> None:
        """Open a private link and continue as the person it was made for."""
        self.go(link)
        self.press("Continue")

    def press(self, name: str, *, exact: bool = True) -> None:
        """Press the one button with this name."""
        self.page.get_by_role("button", name=name, exact=exact).click()

    def confirm(self, name: str, *, inside: str | None = None) -> None:
        """Press a button that asks first, and then the same words in what it opens."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.get_by_role("dialog", name=inside or name).get_by_role(
            "button", name=name, exact=True
        ).click()

    def fill(self, label: str, text: str, *, exact: bool = False) -> None:
        controls = self.page.locator("input, textarea")
        self.page.get_by_label(label, exact=exact).and_(controls).fill(text)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def sees_heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Without the network, whose loss the browser may complain about."""
        self.is_offline = True
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)
        self.is_offline = False

    def watch(self) -> None:
        """Remember errors of scripts, violations of the content security policy, and answers that failed."""
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        self.context.on("response", self._check)

    def _hear(self, message: ConsoleMessage) -> None:
        is_known = REFUSED_DOCUMENT.match(message.text) or (self.is_offline and "net::ERR" in message.text)
        if message.type in ("error", "warning") and not is_known:
            self.complaints.append(f"console on {message.page and message.page.url}: {message.text}")

    def _check(self, response: Response) -> None:
        is_page = response.request.resource_type in ("document", "fetch", "xhr")
        if response.status >= (500 if is_page else 400):
            self.complaints.append(f"{response.status} for {response.url}")


def make_visitor(house: House, chromium: Browser, *, phone: bool = False, **options: object) -> Visitor:
    """A new person at the door of `house`; `options` go to the browser context."""
    context = chromium.new_context(**{**(PHONE if phone else WIDE), "locale": "en-GB", **options})  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    visitor = Visitor(house, context, context.new_page())
    visitor.watch()
    return visitor
