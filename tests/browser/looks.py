"""What is judged of a page's looks: it fits its window, and axe finds nothing serious."""

from functools import cache
from importlib.resources import files
from typing import Any, cast

from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


def overflow(page: Page) -> list[str]:
    """Sentences about what is wider than the window; things that scroll within a frame of their own are not."""
    script = """() => {
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        if (wide <= 0) return [];
        const scrolls = (node) => {
            for (let up = node.parentElement; up && up !== document.body; up = up.parentElement)
                if (getComputedStyle(up).overflowX !== "visible") return true;
            return false;
        };
        const out = [...document.body.querySelectorAll("*")].filter((node) => !scrolls(node)
            && node.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5);
        return [`${wide} px too wide`, ...out.slice(0, 3).map((node) => node.outerHTML.slice(0, 120))];
    }"""
    return cast("list[str]", page.evaluate(script))


def axe_findings(page: Page, *rules: str) -> list[str]:
    """Serious and critical findings of axe, text below AA among them: rule, element, what to do. All rules, or some."""
    page.evaluate(_axe())
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found: Any = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"axe {rule['id']} ({rule['impact']}): {node['html'][:160]} {node['failureSummary'][:240]}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"][:3]
    ]
