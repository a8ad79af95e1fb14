"""From an un-ticked consent to one employer's contact, and out again in one step."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, expect
from pyotp import TOTP

from tests.journeys.cards import show_card
from tests.journeys.house import House
from tests.journeys.test_pages import _sideways as sideways
from tests.journeys.test_pages import barriers, barriers_wide_and_narrow, flaws
from tests.journeys.visitor import PHONE, WIDE, Visitor
from tests.papers import a_pdf

pytestmark = pytest.mark.journey
Visit = Callable[..., Visitor]
CV = a_pdf("Ports and railways")
PERSON, EMPLOYER = "yao@people.example.org", "erin@harbour.example.org"


def test_a_person_joins_is_found_is_asked_says_yes_and_leaves(visit: Visit, house: House) -> None:
    silent = show_card(house, "Noor Weiss", headline="Arbitration at sea", about="海事仲裁")
    person, employer, operator = visit(phone=True), visit(), visit()
    person.create_account("Yao Lan", PERSON)
    _join(person)
    _write_card(person)
    _upload_cv(person)
    faults: list[str] = []
    for path in ("/pool/", "/pool/audience", "/pool/consent"):
        person.go(path)
        faults += barriers_wide_and_narrow(person.page, path)
    person.page.set_viewport_size(PHONE["viewport"])
    employer.create_account("Erin Marsh", EMPLOYER)
    _apply(employer)
    operator.sign_in("operator")
    operator.go("/employers/review")
    operator.page.get_by_role("button", name="Approve Harbour Authority").click()
    operator.sees("Approved.")
    _set_up_second_step(employer)
    for words in ("港口", "mediat*"):
        _search(employer, words)
        expect(_found(employer)).to_be_visible()
    expect(employer.page.get_by_text("Yao Lan")).to_have_count(0)
    _search(employer, "港口 OR arbitrat*")
    _tick_two(employer)
    employer.press("Ask for contact")
    _offer(employer)
    employer.fill("Your message", "We build a port and need a mediator from May.")
    employer.press("Send the request")
    employer.sees("2 people are asked.")
    expect(employer.page.get_by_text("Waits for an answer").filter(visible=True)).to_have_count(2)
    expect(employer.page.get_by_role("button", name="Export who said yes")).to_have_count(0)
    for unseen in (PERSON, silent):
        expect(employer.page.get_by_text(unseen)).to_have_count(0)
    assert "/pool/requests" in house.mailbox.wait_for(PERSON, subject="An employer would like to contact you")
    person.go("/pool/requests")
    person.sees("We build a port and need a mediator from May.")
    person.sees("CNY 20,000 a month")
    person.press("Yes, share my contact Harbour Authority")
    employer.reload()
    expect(employer.page.get_by_role("link", name=PERSON)).to_be_visible()
    employer.sees("Yao Lan")
    _export(employer)
    employer.click(_found(employer))
    employer.sees_heading("Mediator for ports and railways")
    cv = employer.download(employer.page.get_by_role("link", name="Download the CV"))
    assert (cv.suggested_filename[-4:], cv.path().read_bytes()) == (".pdf", CV)
    faults += barriers_wide_and_narrow(employer.page, "the card of somebody who said yes")
    person.go("/pool/log")
    person.sees("Learned who you are")
    person.sees("Took your contact into a file")
    person.sees("Downloaded your CV")
    faults += flaws(person.page, "the log")
    person.go("/pool/consent")
    person.press("Leave now")
    person.sees("You have left the talent pool.")
    assert employer.reload().status == 404
    _search(employer, "港口")
    employer.sees("Nobody is scored")
    expect(_found(employer)).to_have_count(0)
    employer.go("/employers/requests")
    expect(employer.page.get_by_text(PERSON)).to_have_count(0)
    employer.go("/employers/deletions")
    faults += barriers_wide_and_narrow(employer.page, "what is to be deleted")
    assert faults == []
    employer.page.get_by_role("button", name=re.compile("We have deleted it")).click()
    employer.sees("Thank you.")


def test_a_person_decides_piece_by_piece_on_a_phone_in_chinese_and_erases_everything(visit: Visit) -> None:
    person = visit(phone=True)
    person.sign_in("captain")
    person.press("中文")
    person.go("/pool/join")
    for words in ("我已阅读以上内容", "我已年满 18 周岁"):
        person.page.get_by_role("checkbox", name=re.compile(words)).check()
    faults = [*barriers(person.page, "joining"), *sideways(person.page, "joining")]
    person.press("加入人才库")
    person.page.locator("#headline").fill("港口与铁路项目调解")
    person.page.locator("#about").fill("擅长多方谈判。")
    expect(person.page.locator("#live-preview")).to_contain_text("擅长多方谈判。")
    person.press("保存并向用人单位展示")
    person.sees("已保存")
    person.page.locator("#hide summary").click()
    person.page.get_by_role("checkbox", name="自我介绍的正文").check()
    expect(person.page.locator("#live-preview")).not_to_contain_text("擅长多方谈判。")
    person.press("保存并向用人单位展示")
    for path in ("/pool/", "/pool/audience", "/pool/requests", "/pool/log", "/pool/consent"):
        person.go(path)
        faults += [*barriers(person.page, path), *sideways(person.page, path)]
    person.go("/pool/audience")
    person.page.get_by_role("link", name=re.compile("它看到的我")).first.click()
    person.sees("港口与铁路项目调解")
    expect(person.page.get_by_text("擅长多方谈判。")).to_have_count(0)
    faults += barriers(person.page, "as an employer sees it")
    person.go("/pool/audience")
    person.page.get_by_role("button", name=re.compile("^对它隐藏")).first.click()
    person.sees("它再也看不到你的人才卡。")
    person.go("/pool/consent")
    person.press("暂停")
    person.sees("已暂停")
    everything = person.download(person.page.get_by_role("link", name=re.compile("全部数据")))
    own = json.loads(everything.path().read_text(encoding="utf-8"))
    assert (own["profile"]["headline"], own["profile"]["hidden"]) == ("港口与铁路项目调解", ["about"])
    receipts = person.page.get_by_role("link", name="凭据", exact=True)
    expect(receipts).to_have_count(3)
    receipt = json.loads(person.download(receipts.last).path().read_text(encoding="utf-8"))
    assert (receipt["event"]["type"], receipt["notice"]["language"]) == ("given", "zh_Hans")
    assert "随时可在你的页面一键退出" in receipt["notice_text"]
    person.confirm("全部删除")
    person.sees("已全部删除")
    assert faults == []


def test_the_operator_answers_what_is_due_and_does_not_see_who_it_is(visit: Visit) -> None:
    person, operator = visit(), visit(phone=True, color_scheme="dark")
    person.sign_in("delegate")
    person.go("/pool/consent")
    person.fill("In your words", "Correct the year of my result, please.")
    person.press("Send")
    person.sees("You get an answer within 30 days")
    operator.sign_in("operator")
    operator.press("中文")
    operator.go("/operator/talent-pool/")
    operator.sees_heading("人才库：记录")
    asked = operator.page.get_by_role("article").filter(has_text="Correct the year of my result, please.")
    expect(asked).to_have_count(1)
    expect(asked).not_to_contain_text("delegate@example.org")
    faults = flaws(operator.page, "the operator's records")
    asked.get_by_role("textbox").fill("已更正。")
    operator.click(asked.get_by_role("button"))
    operator.sees("已更正。")
    operator.page.get_by_role("searchbox").fill("AAAA-AAAA")
    operator.click(operator.page.get_by_role("search").get_by_role("button"))
    expect(operator.page.locator("#records [role=status]").first).to_be_visible()
    faults += flaws(operator.page, "records that are not there")
    person.go("/pool/consent")
    person.sees("已更正。")
    person.press("中文")
    faults += flaws(person.page, "an answered request")
    assert faults == []


def _join(person: Visitor) -> None:
    person.go("/pool/")
    person.sees_heading("Join the talent pool")
    consent = person.page.get_by_role("checkbox", name=re.compile("want to be in the talent pool"))
    adult = person.page.get_by_role("checkbox", name="I am 18 or over.")
    abroad = person.page.get_by_role("checkbox", name=re.compile("Employers in other countries"))
    for box in (consent, adult, abroad):
        expect(box).not_to_be_checked()
    person.press("Join the talent pool")
    person.sees("Tick this if you want to join.")
    for box in (consent, adult, abroad):
        box.check()
    person.page.get_by_role("radio", name="At once", exact=True).check()
    person.press("Join the talent pool")
    person.sees("You are in the talent pool.")


def _write_card(person: Visitor) -> None:
    person.fill("Headline", "Mediator for ports and railways")
    person.fill("About you", "擅长港口与铁路项目的多方谈判。")
    person.page.get_by_label("Language 1", exact=True).select_option("zh")
    person.press("Preview")
    person.sees("A preview. It is not saved yet.")
    person.press("Save and show to employers")
    person.sees("Saved. Employers see this card from now on.")


def _upload_cv(person: Visitor) -> None:
    """A file that lies is refused where it was chosen; a real one is kept."""
    for name, data, words in (
        ("cv.pdf", b"%PDF-1.7 <script>", "This is not a PDF that can be read."),
        ("my cv.PDF", CV, "Your CV is kept."),
    ):
        file = {"name": name, "mimeType": "application/pdf", "buffer": data}
        person.page.locator("#file").set_input_files(files=[file])
        person.press("Upload")
        person.sees(words)


def _apply(employer: Visitor) -> None:
    employer.go("/employers/apply")
    employer.fill("Name of the organisation", "Harbour Authority")
    employer.page.get_by_role("radio").first.check()
    employer.page.get_by_label("Country").select_option(label="China")
    employer.fill("Website", "https://harbour.example.org")
    employer.fill("What you look for people for", "Mediators for port projects.")
    employer.press("Send the application")
    employer.sees("Waits for the operator")


def _offer(employer: Visitor) -> None:
    """Nobody is asked for less than an opportunity."""
    employer.sees_heading("Opportunities")
    employer.fill("Title", "Mediator, port project")
    employer.fill("Place", "Shanghai, China")
    employer.fill("Pay", "CNY 20,000 a month")
    employer.fill("Closes on", (datetime.now(UTC).date() + timedelta(days=30)).isoformat())
    employer.fill("Contact for questions", "Erin Marsh, erin@harbour.example.org")
    employer.press("Save and go on")
    employer.sees_heading("Ask for contact")


def _tick_two(employer: Visitor) -> None:
    """The person of this story, and somebody who will not answer."""
    mine = employer.page.locator("article.result").filter(has=_found(employer))
    mine.get_by_role("checkbox").check()
    other = employer.page.locator("article.result").filter(has_text="Arbitration at sea")
    other.get_by_role("checkbox").check()


def _export(employer: Visitor) -> None:
    """Taken on a desk in English and on a phone in Chinese: in the file is who said yes, and nothing of the cards."""
    page = employer.page
    handle = page.locator(".card").filter(has_text=PERSON).locator(".card-subtitle").inner_text()
    for size, language, words in ((WIDE, "English", "Export who said yes"), (PHONE, "中文", "导出已同意者")):
        page.set_viewport_size(size["viewport"])
        if language == "中文":
            employer.press(language)
        page.get_by_role("button", name=words).click()
        panel = page.get_by_role("dialog", name=words)
        expect(panel).to_be_visible()
        assert [*barriers(page, f"before an export, {language}"), *sideways(page, "an export")] == []
        file = employer.download(panel.get_by_role("button", name=words))
        book = load_workbook(io.BytesIO(file.path().read_bytes()))
        people, stamp = (
            [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book
        )
        assert [row[:-1] for row in people[1:]] == [
            [handle, "Yao Lan", "", PERSON, "", "", "Mediator, port project"]
        ]
        assert [row[1] for row in stamp[1:3]] == ["Harbour Authority", "Erin Marsh"]
    page.set_viewport_size(WIDE["viewport"])
    employer.press("English")


def _set_up_second_step(employer: Visitor) -> None:
    """Whoever works with other people's data proves it is them, once more."""
    employer.go("/employers/search")
    employer.sees_heading("Set up the second step")
    secret = employer.page.locator(".mono").inner_text()
    employer.fill("The six digits that the app shows now", TOTP(secret.replace(" ", "")).now())
    employer.press("Turn on")
    employer.sees_heading("Your recovery codes")
    employer.page.get_by_role("link", name="I have kept them, continue").click()
    employer.sees_heading("Search the talent pool")


def _search(employer: Visitor, words: str) -> None:
    employer.go("/employers/search")
    employer.page.get_by_role("searchbox", name="Words on the card").fill(words)
    employer.click(employer.page.get_by_role("search").get_by_role("button", name="Search"))


def _found(employer: Visitor) -> Locator:
    return employer.page.get_by_role("link", name="Mediator for ports and railways")
