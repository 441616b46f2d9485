"""Asks the shipped server for a fixed set of pages, one after the other, and prints what each costs it.

python -m tests.bench [NUMBER OF COMPANIES]
On SQLite; or on the PostgreSQL server that DATABASE_URL names, in a database of its own.
"""

import http.client
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

from tests import server
from tests.bench import database, oracle, words

WARM_UP, REQUESTS = 10, 100
SECONDS = 20  # no page is asked for longer
START = 300  # seconds in which a server must be ready
PAUSE, IDLE = 1, 0.02  # seconds, and what part of them a server with nothing to do works
FAST = 0.1  # seconds in which a list is answered that nobody has to count first
IN_A_ROW = 4  # such answers, so that both workers are met
COMPANIES = 10_000
FLOOR = "/floor/"
PAGES = (
    # name, address; {pair} and {name} are another word in each request, so that none was looked for before
    ("floor", FLOOR),
    ("W1 first page", "/companies/?per_page=50"),
    ("W2 two filters", "/companies/?per_page=50&district=pangyo&technology=llm"),
    ("W3a two syllables", "/companies/?per_page=50&q={pair}"),
    ("W3b four syllables", "/companies/?per_page=50&q={pair}에서"),
    ("W3c name", "/companies/?per_page=50&q={name}"),
    ("W4 deep page", "/companies/?per_page=50&page=150"),
    ("W5 all counts", "/companies/?per_page=50&kind=startup&stage=seed"),
    ("W6 company", "/companies/generated-1/"),
    ("W7 comparison", "/compare/?d=pangyo&d=gangnam&d=magok"),
    ("W8 file", "/companies.csv"),
    ("W9 suggestions", "/search/suggest.json?q={pair}"),
    ("healthz", "/healthz"),
    ("home", "/"),
    ("locate", "/locate/"),
    ("list of programs", "/programs/"),
    ("JSON", "/companies.json"),
)
TEXTBOOK = {
    "W1 first page": "/textbook/?",
    "W2 two filters": "/textbook/?district=pangyo&technology=llm",
    "W3a two syllables": "/textbook/?q={pair}",
    "W3b four syllables": "/textbook/?q={pair}에서",
    "W3c name": "/textbook/?q={name}",
    "W4 deep page": "/textbook/?page=150",
    "W5 all counts": "/textbook/?kind=startup&stage=seed",
}
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "DATABASE_URL": ""}


def main() -> None:
    if not Path("/proc/self/schedstat").exists():
        sys.exit("The bench reads processor time from /proc, which only Linux has.")
    companies = int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES
    with database.scratch() as url, TemporaryDirectory(prefix="clusters-bench-") as folder:
        SETTINGS["DATABASE_URL"] = url
        wrong = pages(folder, companies)
    if not url:
        print(flush=True)
        subprocess.run([sys.executable, "-m", "tests.bench.importing"], check=True)
    if wrong:
        sys.exit(f"{wrong} claims of the pages are wrong.")


def pages(folder: str, companies: int) -> int:
    """Measures and checks all pages; how many of their claims are wrong."""
    where = "PostgreSQL" if SETTINGS["DATABASE_URL"] else "SQLite"
    print(f"Preparing the opening data and {companies:,} generated companies on {where}", flush=True)
    server.prepare(folder, **SETTINGS)
    server.run(folder, [sys.executable, "-m", "tests.bench.generate", str(companies)], **SETTINGS)
    since_server, since_worker, files = readiness(folder)
    # A server that was started begins with this by itself; what it costs is none of the pages'.
    server.run(folder, [sys.executable, "manage.py", "write_rows"], **SETTINGS)
    with server.serving(folder, **SETTINGS) as address:
        figures = {name: measure(address, path) for name, path in PAGES}
        plain = {name: measure(address, path) for name, path in TEXTBOOK.items()}
        held = max(map(private_memory, workers(address)))
        queries = count_queries(folder, address)
        report(figures, plain, queries)
        print(
            f"\nA worker holds {held / 1024:.0f} MiB of its own after these pages."
            f"\nLists are fast {since_worker:.1f} s after the workers start,"
            f" {since_server:.1f} s after the server does."
            f"\nThe first file with all companies takes {files[0]:.1f} s from then on, the next {files[1]:.1f} s.",
            flush=True,
        )
        print("\nWhat the pages say, against the records counted one by one:", flush=True)
        return oracle.check(address)


def measure(address: str, path: str) -> dict:
    """Processor time of the server, time to the answer and size of the answer, per request."""
    pids, until, asked = serving_pids(address), time.monotonic() + SECONDS, words.filled_in(path)
    for _ in range(WARM_UP):
        if time.monotonic() < until:
            ask(address, next(asked))
    rest(pids)
    before, times, size = sum(map(on_processor, pids)), [], 0
    while len(times) < REQUESTS and (time.monotonic() < until or not times):
        one = next(asked)
        start = time.perf_counter()
        size = ask(address, one)
        times.append(time.perf_counter() - start)
    used = sum(map(on_processor, pids)) - before
    return {"cpu": used / len(times) / 1e6, "p50": median(times) * 1000, "bytes": size}


def rest(pids: list[int]) -> None:
    """Wait for what the start and the first requests set going in the background: it is no part of the next ones."""
    until = time.monotonic() + START
    while time.monotonic() < until:
        busy = {*pids, *children(pids)}
        before = sum(map(on_processor, busy))
        time.sleep(PAUSE)
        if sum(map(on_processor, busy)) - before < PAUSE * IDLE * 1e9:
            return


def children(pids: list[int]) -> list[int]:
    """Processes that some started: the one that writes rows beforehand is no worker."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and int(fields_of(int(entry.name))[1]) in pids:
                found.append(int(entry.name))
    return found


def ask(address: str, path: str) -> int:
    """One request as a browser makes it; the length of the answer as sent."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=START)
    connection.request("GET", quote(path, safe="/?&="), headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        sys.exit(f"{path} answered {answer.status}.")
    return len(body)


def serving_pids(address: str) -> list[int]:
    """The processes that serve an address: it stands in their command line."""
    place = urlsplit(address).netloc.encode()
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and place in command_line(entry)
    ]


def command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def on_processor(pid: int) -> int:
    """Nanoseconds the threads of a process have run; of one that has ended nothing is known any more."""
    total, threads = 0, []
    with suppress(OSError):
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    for thread in threads:
        with suppress(OSError):
            total += int((thread / "schedstat").read_text().split()[0])
    return total


def readiness(folder: str) -> tuple[float, float, list[float]]:
    """Seconds from the start of the server, and of its last worker, until lists are answered fast; then of two files."""
    start, fast = time.monotonic(), 0
    with server.serving(folder, **SETTINGS) as address:
        while fast < IN_A_ROW and time.monotonic() < start + START:
            asked = time.monotonic()
            ask(address, PAGES[1][1])
            fast = fast + 1 if time.monotonic() - asked < FAST else 0
        ready, files = (time.monotonic() - start, min(map(age, workers(address)))), []
        for _time in range(2):
            asked = time.monotonic()
            ask(address, "/companies.csv")
            files.append(time.monotonic() - asked)
        return *ready, files


def workers(address: str) -> list[int]:
    """Those of the processes that answer: the first one only watches the others."""
    pids = serving_pids(address)
    return [pid for pid in pids if int(fields_of(pid)[1]) in pids]


def fields_of(pid: int) -> list[str]:
    """What /proc/<pid>/stat says after the name: the state, the parent and so on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def age(pid: int) -> float:
    up = float(Path("/proc/uptime").read_text().split()[0])
    return up - int(fields_of(pid)[19]) / os.sysconf("SC_CLK_TCK")


def private_memory(pid: int) -> int:
    """KiB that no other process shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def count_queries(folder: str, address: str) -> dict[str, int]:
    """The database queries of each page, counted in this process on the same data."""
    os.environ.update(SETTINGS, DATA_DIR=folder, SITE_URL=address)
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": urlsplit(address).netloc})
    counted = {}
    for name, path in PAGES:
        asked = words.filled_in(path)
        client.get(next(asked))
        time.sleep(1)
        client.get(next(asked)).getvalue()
        with CaptureQueriesContext(connection) as captured:
            client.get(next(asked)).getvalue()
        counted[name] = len(captured)
    return counted


def report(figures: dict[str, dict], plain: dict[str, dict], queries: dict[str, int]) -> None:
    least = figures["floor"]["cpu"]
    heads = f"{'page':<18}{'CPU ms':>8}{'× floor':>9}{'p50 ms':>8}{'KiB sent':>10}{'queries':>9}"
    print(f"\n{heads}{'plain CPU ms':>14}{'plain × ours':>14}")
    for name, found in figures.items():
        line = (
            f"{name:<18}{found['cpu']:>8.2f}{found['cpu'] / least:>9.1f}{found['p50']:>8.1f}"
            f"{found['bytes'] / 1024:>10.1f}{queries[name]:>9}"
        )
        if name in plain:
            line += f"{plain[name]['cpu']:>14.1f}{plain[name]['cpu'] / found['cpu']:>14.1f}"
        print(line)
    print(f"\nAt most {REQUESTS} requests each, one at a time. How to read this: tests/bench/README.md")


if __name__ == "__main__":
    main()
