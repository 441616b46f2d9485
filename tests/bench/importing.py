"""What an import costs: python -m tests.bench.importing [COMPANIES]. README.md beside this says how to read it."""

import csv
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

COMPANIES, FOR_LOADDATA = 100_000, 3_000
WAYS = ("executemany", "import_data", "loaddata")
DEFAULTS = {
    **{"hq_country": "KR", "stage": "unknown", "publication": "draft", "version": 1, "private": 0},
    **dict.fromkeys(("created_at", "updated_at"), "2026-01-01 00:00:00"),
}
NUMBERED = ("source_id", "district_id", "province_id")


def main(count: int) -> None:
    with TemporaryDirectory(prefix="clusters-bench-") as folder:
        empty = Path(folder, "empty")
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment(empty), check=True)
        figures = {}
        for way in WAYS:
            number = min(count, FOR_LOADDATA) if way == "loaddata" else count
            data, files = Path(folder, way, "data"), Path(folder, way, "files")
            data.mkdir(parents=True)
            write(files, number)
            with sqlite3.connect(empty / "clusters.sqlite3") as source:
                source.execute("VACUUM INTO ?", [str(data / "clusters.sqlite3")])
            command = [sys.executable, "-m", "tests.bench.importing", way, str(files)]
            done = subprocess.run(command, env=environment(data), check=True, capture_output=True, text=True)
            figures[way] = {**json.loads(done.stdout), "companies": number}
    report(figures)


def environment(data: Path) -> dict[str, str]:
    data.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "DATA_DIR": str(data),
        "DATABASE_URL": "",
        "SITE_URL": "http://127.0.0.1:8000",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def companies(count: int) -> Iterator[dict[str, str]]:
    for n in range(count):
        yield {
            "slug": f"bench-{n}",
            # Names that do not come in the order of their numbers, as in real lists.
            "name_ko": f"{n * 7919 % 99991:05d} 벤치 {n}",
            "name_en": f"Bench {n * 104729 % 99991} {n}",
            "kind": ("startup", "sme", "large")[n % 3],
            "ai_relevance": ("core", "adjacent")[n % 2],
            "founded": f"{2000 + n % 24}-{1 + n % 12:02d}-{1 + n % 28:02d}",
            "website": f"https://bench-{n}.example.com/",
            "business_number": with_check_digit(100_000_000 + n),
            "summary_ko": f"공정을 인공지능으로 살피는 회사입니다. 번호는 {n}입니다.",
            "publication": "draft",
        }


def offices(count: int) -> Iterator[dict[str, str]]:
    for n in range(count):
        yield {
            "company": f"bench-{n}",
            "kind": "hq",
            "address_ko": f"경기도 성남시 분당구 판교로 {n}",
            "since": str(2010 + n % 14),
            "status": "unverified",
        }


def with_check_digit(number: int) -> str:
    digits = [int(digit) for digit in str(number)]
    total = sum(d * w for d, w in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True)) + digits[8] * 5 // 10
    return f"{number}{(10 - total % 10) % 10}"


def write(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for name, rows in (("companies", companies(count)), ("offices", offices(count))):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            first = next(rows)
            writer = csv.DictWriter(file, first)
            writer.writeheader()
            writer.writerow(first)
            writer.writerows(rows)


def measured(way: str, folder: Path) -> None:
    """Run one way in this process and print what it cost."""
    import django

    django.setup()
    run = prepare(way, folder)
    start = time.process_time()
    run()
    used = time.process_time() - start
    print(json.dumps({"seconds": used, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def prepare(way: str, folder: Path) -> Callable[[], object]:
    from django.core.management import call_command

    if way == "import_data":
        return lambda: call_command("import_data", str(folder), stdout=open(os.devnull, "w"))
    if way == "loaddata":
        as_fixture(folder)
        return lambda: call_command("loaddata", str(folder / "all.json"), verbosity=0)
    return lambda: executemany(folder)


def as_fixture(folder: Path) -> None:
    found = []
    for model in ("company", "office"):
        name = {"company": "companies", "office": "offices"}[model]
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                fields: dict[str, object] = dict(row)
                if model == "office":
                    fields["company"] = [row["company"]]
                found.append({"model": f"clusters.{model}", "fields": fields})
    (folder / "all.json").write_text(json.dumps(found), encoding="utf-8")


def executemany(folder: Path) -> None:
    """The least a database can do: rows into two tables, nothing looked at, no history."""
    from django.db import connection, transaction

    numbers: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for name, table in (("companies", "clusters_company"), ("offices", "clusters_office")):
            columns = [
                column.name for column in connection.introspection.get_table_description(cursor, table)
            ]
            places = ", ".join(["%s"] * len(columns))
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                cursor.executemany(
                    f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",
                    bare_rows(csv.DictReader(file), columns, numbers),
                )


def bare_rows(rows: csv.DictReader, columns: list[str], numbers: dict[str, int]) -> Iterator[list[object]]:
    for number, row in enumerate(rows, 1):
        if "slug" in row:
            numbers[row["slug"]] = number
        values = {**DEFAULTS, **row, "id": number, "company_id": numbers.get(row.get("company", ""))}
        yield [values.get(name, None if name in NUMBERED else "") for name in columns]


def report(figures: dict[str, dict]) -> None:
    raw = figures["executemany"]["companies"] / figures["executemany"]["seconds"]
    print(f"{'way':<14}{'companies':>11}{'CPU s':>8}{'per s':>9}{'× raw':>8}{'peak MB':>9}")
    for way, found in figures.items():
        speed = found["companies"] / found["seconds"]
        print(
            f"{way:<14}{found['companies']:>11,}{found['seconds']:>8.1f}{speed:>9,.0f}"
            f"{speed / raw:>8.2f}{found['peak']:>9.0f}"
        )
    print("\nEach company has an office. How to read this: tests/bench/README.md")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measured(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else COMPANIES)
