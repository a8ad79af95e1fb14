"""A person with a browser of their own; whatever the browser complains about is remembered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Download,
    Locator,
    Page,
    Response,
    expect,
)

from tests.journeys.house import House

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
WIDE = {"viewport": {"width": 1440, "height": 900}}
PATIENCE = 30_000
"""Milliseconds until what is waited for must be there, on a slow and busy machine."""
LEAVING = """
(() => {
  const leave = () => (document.documentElement.dataset.leaving = "");
  const isElsewhere = (link) => /^https?:$/.test(link.protocol) && !link.target && !link.hasAttribute("download")
    && (!link.hash || link.href.split("#")[0] !== location.href.split("#")[0]);
  addEventListener("submit", (event) => event.defaultPrevented || leave());
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && !event.defaultPrevented && isElsewhere(link)) leave();
  });
})();
"""
"""Marks a page that a form or a link is about to replace, in the very moment of the press: see `settle`."""
REFUSED_DOCUMENT = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


def settle(page: Page) -> None:
    """Wait until a page that was left by a form or a link has been replaced, and the new one has loaded."""
    expect(page.locator("html:not([data-leaving])")).to_be_attached()
    page.wait_for_load_state("load")


@dataclass
class Visitor:
    """One browser context and its page (no slots: playwright attaches its wrappers to whoever listens).

    Whatever this class does begins on a settled page, so a request that is under way is never cut off, and nothing is
    read from the page before. Whoever reads from `page` by themselves settles it first, or expects something of it.
    """

    house: House
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    has_lost_the_line: bool = False
    """Whether its browser may complain about the network (late complaints come after the line is back)."""
    has_script: bool = True

    def settle(self) -> None:
        settle(self.page)

    def go(self, path: str) -> int:
        """Open an address of the house, given as a path or in full; returns the status of the answer."""
        self.settle()
        answer = self.page.goto(path if path.startswith("http") else self.house.url + path)
        return answer.status if answer is not None else 0

    def sign_in(self, account: str) -> None:
        """Sign in as a demo person with their password."""
        person = self.house.people[account]
        self.go("/sign-in")
        self.page.get_by_label("E-mail").first.fill(person.address)
        self.page.get_by_label("Password", exact=True).fill(person.password)
        self.press("Sign in")
        self.sees_heading("What is next for you")

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

    def press(self, name: str | re.Pattern[str], *, exact: bool = True) -> None:
        """Press the one button with this name."""
        self.settle()
        self.click(self.page.get_by_role("button", name=name, exact=exact))

    def press_through(self, name: str) -> None:
        """Press a button of a scoresheet, whose script saves first and sends the page in its own time."""
        self.settle()
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def click(self, what: Locator) -> None:
        """Click, and wait for the page to which that leads, if it leads anywhere."""
        if self.has_script:
            what.click()
            self.settle()
        else:
            with self.page.expect_navigation():
                what.click()

    def confirm(self, name: str, *, inside: str | None = None) -> None:
        """Press a button that asks first, and then the same words in what it opens."""
        self.settle()
        self.page.get_by_role("button", name=name, exact=True).first.click()
        panel = self.page.get_by_role("dialog", name=inside or name)
        self.click(panel.get_by_role("button", name=name, exact=True))

    def download(self, what: Locator) -> Download:
        """Click what leads to a file, which leaves the page where it is."""
        with self.page.expect_download() as download:
            what.click()
        self.page.evaluate("delete document.documentElement.dataset.leaving")
        return download.value

    def reload(self) -> Response:
        """Look at the page again."""
        self.settle()
        answer = self.page.reload()
        assert answer is not None
        return answer

    def fill(self, label: str, text: str, *, exact: bool = False) -> None:
        self.settle()
        controls = self.page.locator("input, textarea")
        self.page.get_by_label(label, exact=exact).and_(controls).fill(text)

    def sees(self, text: str | re.Pattern[str]) -> None:
        self.settle()
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def sees_heading(self, text: str) -> None:
        self.settle()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Without the network, whose loss the browser may complain about."""
        self.has_lost_the_line = True
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    def watch(self) -> None:
        """Remember errors of scripts, violations of the content security policy, and answers that failed."""
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        self.context.on("response", self._check)

    def _hear(self, message: ConsoleMessage) -> None:
        is_known = REFUSED_DOCUMENT.match(message.text) or (
            self.has_lost_the_line and "net::ERR" in message.text
        )
        if message.type in ("error", "warning") and not is_known:
            self.complaints.append(f"console on {message.page and message.page.url}: {message.text}")

    def _check(self, response: Response) -> None:
        is_page = response.request.resource_type in ("document", "fetch", "xhr")
        if response.status >= (500 if is_page else 400):
            self.complaints.append(f"{response.status} for {response.url}")


def make_visitor(house: House, chromium: Browser, *, phone: bool = False, **options: object) -> Visitor:
    """A new person at the door of `house`; `options` go to the browser context."""
    context = chromium.new_context(**{**(PHONE if phone else WIDE), "locale": "en-GB", **options})  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    context.add_init_script(LEAVING)
    visitor = Visitor(
        house, context, context.new_page(), has_script=bool(options.get("java_script_enabled", True))
    )
    visitor.watch()
    return visitor
