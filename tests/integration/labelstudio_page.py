"""Open tasks in Label Studio as an annotator does, and say what the page shows.

A script of its own, for the Python that has Playwright (.venv-labelstudio): it reads an Order as
JSON from standard input and writes, for every task, the words and colour of every region.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from playwright import sync_api
from playwright.sync_api import Page, sync_playwright

# A region is cut into several elements, at line ends and where another begins or ends.
_READ = """() => {
  const shown = {};
  for (const e of document.querySelectorAll('.lsf-richtext__container span.htx-highlight')) {
    const name = [...e.classList].map(c => c.match(/^htx-highlight-(.+)-\\d+$/)).find(m => m)[1];
    shown[name] ??= ['', getComputedStyle(e).backgroundColor];
    shown[name][0] += e.textContent;
  }
  return shown;
}"""
_COUNT = f"n => Object.keys(({_READ})()).length >= n"
# The login page asks other hosts for its decoration; no name but ours is resolved.
_ARGUMENTS = (
    "--no-sandbox",
    "--no-proxy-server",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def look(order: dict[str, Any]) -> dict[str, dict[str, tuple[str, str]]]:
    """Open each task of an order; return its regions' words and colours by region id."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=order["chromium"], headless=True, args=list(_ARGUMENTS)
        )
        page = browser.new_page(viewport={"width": 1500, "height": 920}, locale="en-GB")
        _log_in(page, order)
        shown = {}
        for task in order["tasks"]:
            _open(page, f"{order['url']}/projects/{order['project']}/data?task={task['id']}", task)
            shown[str(task["id"])] = page.evaluate(_READ)
        page.mouse.move(5, 5)
        page.evaluate("document.fonts.ready.then(() => true)")
        page.wait_for_timeout(500)  # until the arrows of relations are drawn
        page.locator(".lsf-editor").screenshot(path=order["picture"])
        browser.close()
    return shown


def _log_in(page: Page, order: dict[str, Any]) -> None:
    page.goto(f"{order['url']}/user/login/", wait_until="domcontentloaded")
    page.fill("input[name=email]", order["user"])
    page.fill("input[name=password]", order["password"])
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)


def _open(page: Page, url: str, task: dict[str, Any]) -> None:
    """Open a task and wait for its regions.

    On a cold server the page has been seen to show a fresh annotation instead: it is opened again.
    """
    for last in (False, True):
        page.goto(url, wait_until="domcontentloaded")
        try:
            page.wait_for_function(_COUNT, arg=task["regions"], timeout=30_000)
        except sync_api.TimeoutError:
            if last:
                raise
            print(f"opened again: {url}", file=sys.stderr)
        else:
            return


if __name__ == "__main__":
    json.dump(look(json.load(sys.stdin)), sys.stdout)
