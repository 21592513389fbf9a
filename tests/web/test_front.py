"""The front page in a real browser: two languages, two schemes, wide and narrow, no script."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, connections
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import ask, running_server
from tests.web import story

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def server(own_database: str) -> Iterator[int]:
    with running_server(settings.HOME, own_database) as port:
        yield port


@contextmanager
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "the browser tests need a Chromium: make browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def page_at(
    browser: Browser, port: int, *, language: str, dark: bool = False, width: int = 1440
) -> Iterator[Page]:
    """The front page without script; what the browser complains about fails the test."""
    context = browser.new_context(
        locale=language,
        color_scheme="dark" if dark else "light",
        viewport={"width": width, "height": 900},
        java_script_enabled=False,
    )
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://127.0.0.1:{port}/")
    yield page
    context.close()
    assert not complaints
    assert all(url.startswith(f"http://127.0.0.1:{port}/") for url in asked)


def figures(page: Page) -> dict[str, str]:
    return dict(
        zip(
            page.locator(".figures dt").all_inner_texts(),
            page.locator(".figures dd.big").all_inner_texts(),
            strict=True,
        )
    )


def rows(page: Page) -> dict[str, list[str]]:
    found = page.locator("#promise ~ * tbody tr, section:has(#promise) tbody tr").all()
    return {
        row.locator("th").inner_text(): [
            cell.strip() for cell in row.locator("td").all_inner_texts()
        ]
        for row in found
    }


def test_the_page_shows_what_the_database_holds(own_database: str, server: int) -> None:
    story.tell()
    connections.close_all()
    with browser() as chromium:
        with page_at(chromium, server, language="en-GB") as page:
            assert page.locator("html").get_attribute("lang") == "en"
            assert page.title() == "How the promise is doing · Makegood"
            assert figures(page) == {
                "Owed to consumers, CNY": "1,244.56",
                "Broken": "2",
                "On the clock": "1",
                "Held for a person": "0",
            }
            assert rows(page) == {
                "Refund guarantee": ["1", "0", "1", "CNY 1,234.56", "CNY 0.00"],
                "Lightning dispatch": ["1", "1", "1", "CNY 0.00", "CNY 10.00"],
            }
            assert "20 May 2026, 12:00" in page.locator(".slab").inner_text()
            assert "10 May 2026, 12:00" in page.locator(".slab").inner_text()
            assert page.get_by_text("The seal holds").is_visible()
        with page_at(chromium, server, language="zh-CN") as page:
            assert page.locator("html").get_attribute("lang") == "zh-Hans"
            assert page.locator("h1").inner_text() == "有诺必兑"
            assert figures(page)["违约"] == "2"
            assert rows(page)["闪电发货"] == ["1", "1", "1", "CNY 0.00", "CNY 10.00"]
            assert "2026年5月20日 12:00" in page.locator(".slab").inner_text()


def test_it_fits_every_screen_and_scheme_and_is_read_without_a_mouse(
    own_database: str, server: int
) -> None:
    story.tell()
    connections.close_all()
    with browser() as chromium:
        papers = set()
        for language in ("en", "zh-CN"):
            for dark in (False, True):
                for width in (1440, 360, 320):
                    with page_at(
                        chromium, server, language=language, dark=dark, width=width
                    ) as page:
                        wide = page.evaluate("document.documentElement.scrollWidth")
                        assert wide == width, (language, dark, width)
                        papers.add(
                            page.evaluate("getComputedStyle(document.documentElement).background")
                        )
        assert len(papers) == 2
        with page_at(chromium, server, language="en") as page:
            reached = []
            for _ in range(4):
                page.keyboard.press("Tab")
                reached.append(page.evaluate("document.activeElement.innerText.trim()"))
            assert reached == ["Skip to the text", "Makegood", "中文", "By type of fact"]


def test_a_chosen_language_is_remembered(own_database: str, server: int) -> None:
    connections.close_all()
    with browser() as chromium, page_at(chromium, server, language="en") as page:
        assert page.get_by_text("Nothing has been reported yet").is_visible()
        page.get_by_role("button", name="中文").click()
        assert page.get_by_text("还没有上报任何事实").is_visible()
        page.get_by_role("link", name="Makegood").click()
        assert page.get_by_text("还没有上报任何事实").is_visible()
        page.get_by_role("button", name="English").click()
        assert page.get_by_text("Nothing has been reported yet").is_visible()


def test_a_page_that_is_not_there_says_so_in_the_readers_language(server: int) -> None:
    for language, said in (("en", "There is nothing here"), ("zh-CN", "这里什么也没有")):
        status, _, body = ask(server, "/nothing", headers={"Accept-Language": language})
        assert status == 404
        assert f"<h1>{said}</h1>" in body.decode()


def test_headers_let_nothing_in_and_files_are_kept_for_good(server: int) -> None:
    status, headers, body = ask(server, "/")
    assert status == 200
    assert "script" not in body.decode().lower()
    assert "style=" not in body.decode()
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none';")
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    sheet = body.decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
    status, headers, _ = ask(server, sheet)
    assert (status, headers["content-type"]) == (200, 'text/css; charset="utf-8"')
    assert "immutable" in headers["cache-control"]
    assert ask(server, "/static/makegood.css")[0] == 404
    assert ask(server, "/", headers={"Host": "elsewhere.example"})[0] == 400


@pytest.mark.tampers
def test_a_seal_that_does_not_hold_is_said(own_database: str, server: int) -> None:
    story.tell()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE record_leaf SET hash = sha256('forged') WHERE number = 0")
        cursor.execute("UPDATE record_node SET hash = sha256('forged')")
    assert b"The seal does not hold" in ask(server, "/")[2]
