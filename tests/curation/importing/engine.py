"""What the tests of the import engine share: files written on the spot, and the whole way in few words."""

import csv
import json
import re
from pathlib import Path
from typing import Any

from clusters.curation import fixtures
from clusters.curation.importing import applying, gathering, rehearsal
from clusters.curation.importing.plans import Plan
from clusters.models import ImportBatch


def table(path: Path, rows: list[dict[str, Any]], encoding: str = "utf-8-sig") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_json(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def plan(*paths: Path, profile: str = "", given=None, **options) -> Plan:
    read, _used = gathering.gather(paths, profile=profile, given=given)
    return rehearsal.rehearse(read, **options)


def bring_in(
    *paths: Path, profile: str = "", given=None, good_rows_only: bool = False, **options
) -> ImportBatch | None:
    rehearsed = plan(*paths, profile=profile, given=given, **options)
    return applying.apply(
        rehearsed,
        file_name=", ".join(path.name for path in paths),
        good_rows_only=good_rows_only,
        by=options.get("by"),
        reason=options.get("reason", ""),
    )


def everything() -> str:
    """All records as dump_fixtures writes them."""
    return "".join(fixtures.written(model) for model in fixtures.fixture_models())


def content() -> str:
    """The same without version and time of change, which go on counting."""
    return re.sub(r'\n  "(version|updated_at)": [^\n]*', "", everything())


def company(n: int, **given) -> dict[str, Any]:
    return {
        "slug": f"made-{n}",
        "name_ko": f"회사 {n}",
        "name_en": f"Company {n}",
        "kind": "sme",
        "ai_relevance": "core",
        "founded": "2016-10",
        "website": f"https://made-{n}.example",
        "publication": "draft",
        **given,
    }
