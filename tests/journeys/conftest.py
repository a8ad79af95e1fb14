"""Fixtures of the journeys: one running installation for all, a browser, and visitors who must leave no complaint."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.house import House, Mailbox, free_port
from tests.journeys.visitor import PATIENCE, Visitor, make_visitor

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser of this machine; without one the journeys are left out, loudly."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip(
            "##### LEFT OUT: no Chromium on this machine, so NOT ONE JOURNEY WAS TRIED IN A BROWSER #####"
        )
    return path


@pytest.fixture(scope="session")
def house(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo, served by the real server and worker, with a mail server that keeps every mail."""
    mailbox = Mailbox()
    mailbox.open()
    house = House(tmp_path_factory.mktemp("house"), mailbox, free_port())
    try:
        house.open()
        yield house
    finally:
        house.close()
        mailbox.close()


@pytest.fixture(scope="package")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A browser; it ends with this folder, so that no event loop of its own is left to other tests."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(
    house: House, chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; at the end of the test their browsers must have had nothing to complain about."""
    visitors: list[Visitor] = []

    def arrive(**options: object) -> Visitor:
        visitors.append(make_visitor(house, chromium, **options))  # type: ignore[arg-type]
        return visitors[-1]

    yield arrive
    has_failed = request.node.stash.get(FAILED, False)
    for number, visitor in enumerate(visitors, start=1):
        if has_failed and not visitor.page.is_closed():
            visitor.page.screenshot(path=tmp_path / f"visitor-{number}.png", full_page=True)
            print(f"Visitor {number} was at {visitor.page.url}: see {tmp_path}/visitor-{number}.png")
        visitor.context.close()
    if has_failed:
        print(f"The end of the server's log:\n{house.last_words()}")
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Let fixtures know whether their test failed."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report
