"""A page for everyone: what axe finds wrong with it, and whether it scrolls sideways.

    faults(page, WCAG)                  as the page stands
    faults_in_every_look(page, WCAG)    light and in forced colours on a desk, dark on a phone

A fault is (look, rule, element). A page is loaded once for all its looks: they are the style
sheets' work alone.
"""

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

Fault = tuple[str, str, str]

EVERY_RULE: dict[str, Any] = {}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# The rules that a page can break by its colours alone.
COLOURS = ("color-contrast", "link-in-text-block")
OF_COLOURS: dict[str, Any] = {"runOnly": COLOURS}
ALL_BUT_COLOURS = {"rules": {rule: {"enabled": False} for rule in COLOURS}}
DESK = {"width": 1280, "height": 720}
PHONE = {"width": 320, "height": 700}
VIOLATIONS = """options => axe.run(options).then(found =>
  found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html])))"""


@dataclass(frozen=True)
class Look:
    name: str
    size: dict[str, int]
    dark: bool = False
    forced_colours: bool = False
    as_before: bool = False  # all but the colours

    def put_on(self, page: Any) -> None:
        page.set_viewport_size(self.size)
        page.emulate_media(
            color_scheme="dark" if self.dark else "light",
            forced_colors="active" if self.forced_colours else "none",
            reduced_motion="reduce",  # a colour on its way to another is neither
        )


LOOKS = (
    Look("light", DESK),
    Look("forced colours", DESK, forced_colours=True, as_before=True),
    Look("dark and narrow", PHONE, dark=True),
)
# For pages whose parts are looked at in forced colours elsewhere.
LIGHT_AND_DARK = (LOOKS[0], LOOKS[-1])


def faults_in_every_look(
    page: Any, rules: dict[str, Any], looks: tuple[Look, ...] = LOOKS
) -> list[Fault]:
    """What is wrong in each look; where only the colours are new, axe asks of them alone."""
    found = []
    for look in looks:
        look.put_on(page)
        found += faults(page, OF_COLOURS if look.as_before else rules, look.name)
    LOOKS[0].put_on(page)
    return found


def faults(page: Any, rules: dict[str, Any], look: str = "") -> list[Fault]:
    """What axe finds wrong as the page stands, and whether it scrolls sideways."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # What axe preloads it puts in the page as a style of its own, which the policy refuses.
    options = rules | {"preload": False, "resultTypes": ["violations"]}
    found = [(look, rule, element) for rule, element in page.evaluate(VIOLATIONS, options)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append((look, "scrolls sideways", page.url))
    return found
