"""How well and how fast a portal with a whole release searches.

    script/bench search RELEASE [CROSSWALK]

RELEASE is CMS's file of October 2025; CROSSWALK its ASP NDC-HCPCS crosswalk of a later quarter. The
judged queries of tests/data/queries.yaml, every name of the crosswalk, the time of a search in this
process, and the time from a key to the painted list in Chromium, against what is promised.
"""

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.test import Client, override_settings
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

from bench.admin import scratch_database
from codes.importer.drug_names import read_drug_names
from codes.models import Code
from codes.search import find, forget_index
from tests.judged import Query, Score, read_queries, score

ON = date(2025, 11, 25)
ROUNDS = 5
SHARES = {"exact": 1.0, "slip": 0.9, "all": 0.95, "brands": 0.98}
SECONDS_A_SEARCH, SECONDS_OF_NONSENSE, SECONDS_TO_PAINT = 0.005, 0.05, 0.15
NONSENSE = [
    "a" * 10_000,
    "*:* AND (",
    "\0\x01\ud83d",
    '"' * 200,
    "+-&|!(){}[]^~?:\\/" * 20,
    "é" * 300,
]
TYPED = [
    "oxygen conc",
    "wheelchair",
    "keytr",
    "e139",
    "nebul",
    "walker fold",
    "ostomy pou",
    "inject",
]
ROOTLESS = ["--no-sandbox"] if os.geteuid() == 0 else []
PAINTED = """() => new Promise(done => {
  const list = document.querySelector(".suggested");
  const box = document.querySelector("input[data-suggest]");
  let pressed = 0;
  box.addEventListener("keydown", () => { pressed = performance.now(); }, { once: true });
  new MutationObserver((_, watch) => {
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - pressed)));
  }).observe(list, { childList: true, subtree: true });
})"""


@dataclass(frozen=True)
class Result:
    name: str
    measured: str
    promised: str
    is_kept: bool


def main(release: str, crosswalk: str = "") -> int:
    """Measures all of it; the exit status tells whether every promise is kept."""
    with scratch_database():
        call_command("import_release", release, verbosity=0)
        call_command("load_starter", verbosity=0)
        judged = read_queries()
        results = [*scores(score(judged, ON))]
        if crosswalk:
            call_command("load_search_terms", crosswalk)
            forget_index()  # the next search waits for the new names
            results += names(Path(crosswalk))
        results += [*times(judged), *pages()]
    show(results)
    return int(not all(result.is_kept for result in results))


def scores(found: dict[str, Score]) -> Iterator[Result]:
    for kind, kinds in found.items():
        promised = SHARES.get(kind, 0.0)
        yield _share(f"judged queries: {kind}", kinds, promised)
        for query in kinds.missed if kind != "all" else ():
            print(f"Missed, {kind}: {query.text!r}, wanted {', '.join(query.want)}")


def names(crosswalk: Path) -> Iterator[Result]:
    """Every brand and every other name of the file, for any of its codes that a release lists."""
    listed = set(Code.objects.listed().values_list("code", flat=True))
    codes: dict[tuple[str, bool], set[str]] = {}
    for one in read_drug_names(crosswalk.name, crosswalk.read_bytes()).names:
        codes.setdefault((one.name, one.is_brand), set()).update({one.code} & listed)
    for is_brand, kind in ((True, "brands"), (False, "other names")):
        asked = [
            Query(name, tuple(wanted), kind)
            for (name, brand), wanted in codes.items()
            if brand == is_brand and wanted
        ]
        yield _share(f"{kind} of the crosswalk", score(asked, ON)[kind], SHARES["brands"])


def _share(name: str, found: Score, promised: float) -> Result:
    measured = f"{found.right} of {found.total}, {found.share:.1%}"
    return Result(name, measured, f"{promised:.0%}" if promised else "", found.share >= promised)


def times(judged: list[Query]) -> Iterator[Result]:
    forget_index()
    started = time.perf_counter()
    find("", ON)
    built = time.perf_counter() - started
    yield Result("index built", f"{built:.2f} s", "", True)
    yield _p95("a search in process", seconds(q.text for q in judged), SECONDS_A_SEARCH)
    yield _p95("a search for nonsense", seconds(NONSENSE), SECONDS_OF_NONSENSE)
    client = Client()
    client.get("/codes/", {"q": "oxygen"})
    asked = []
    for text in NONSENSE:
        started = time.perf_counter()
        answer = client.get("/codes/", {"q": text.encode(errors="replace").decode()})
        asked.append(time.perf_counter() - started)
        assert answer.status_code == 200, text[:40]
    yield _p95("its page", asked, SECONDS_OF_NONSENSE)


def seconds(texts) -> list[float]:
    taken = []
    for text in list(texts) * ROUNDS:
        started = time.perf_counter()
        find(text, ON)
        taken.append(time.perf_counter() - started)
    return taken


def _p95(name: str, taken: list[float], promised: float) -> Result:
    p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    measured = f"p50 {p50 * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms"
    return Result(name, measured, f"{promised * 1000:.0f} ms", p95 <= promised)


def pages() -> Iterator[Result]:
    """From the last key to the painted list, in Chromium over loopback."""
    with override_settings(WHITENOISE_AUTOREFRESH=True, WHITENOISE_USE_FINDERS=True):
        server = LiveServerThread("localhost", _StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        try:
            with sync_playwright() as playwright:
                program = shutil.which("chromium") or shutil.which("google-chrome")
                browser = playwright.chromium.launch(executable_path=program, args=ROOTLESS)
                taken = list(keys(browser.new_page(), f"http://localhost:{server.port}/"))
                browser.close()
        finally:
            server.terminate()
    yield _p95("from a key to the painted list", taken, SECONDS_TO_PAINT)


def keys(page: Page, home: str) -> Iterator[float]:
    for _ in range(ROUNDS):
        for text in TYPED:
            page.goto(home)
            box = page.locator("input[data-suggest]").first
            box.fill(text[:-1])
            page.wait_for_selector(".suggested [role=option]")
            page.evaluate(f"() => {{ window.painted = ({PAINTED})(); }}")  # and is not awaited here
            box.press(text[-1])
            yield page.evaluate("() => window.painted") / 1000


def show(results: list[Result]) -> None:
    table = Table("what", "measured", "promised", "kept")
    for result in results:
        table.add_row(
            result.name, result.measured, result.promised, "yes" if result.is_kept else "NO"
        )
    Console(width=110).print(table)
