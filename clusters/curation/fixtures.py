"""The opening data: which records the fixtures hold, how they are loaded, and how they are written back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.db import transaction

from clusters.models import statistics
from clusters.models.base import NaturalKey, Record, known_keys
from clusters.search import index

# In the order in which a reader would meet them; loading does not depend on it.
MODELS = (
    "Province",
    "Technology",
    "Industry",
    "SupportKind",
    "Source",
    "Institution",
    "District",
    "Station",
    "AnchorSite",
    "Designation",
    "Claim",
    "Trait",
    "Company",
    "Office",
    "FundingRound",
    "Program",
    "Call",
    "Criterion",
    "Indicator",
    "Series",
    "Observation",
    "Event",
    "Redirect",
)


def fixture_models() -> list[type[NaturalKey]]:
    return [cast(type[NaturalKey], apps.get_model("clusters", name)) for name in MODELS]


def fixture_name(model: type[NaturalKey]) -> str:
    """A model's file: Company is companies.json, AnchorSite is anchor_sites.json."""
    plural = {
        "AnchorSite": "anchor_sites",
        "Company": "companies",
        "Criterion": "criteria",
        "FundingRound": "funding_rounds",
        "Industry": "industries",
        "Series": "series",
        "SupportKind": "support_kinds",
        "Technology": "technologies",
    }
    return plural.get(model.__name__, model.__name__.lower() + "s") + ".json"


def directory_is_empty() -> bool:
    return not any(model._default_manager.exists() for model in fixture_models())


def load(folder: Path | None = None, verbosity: int = 1) -> int:
    """Load every fixture in one transaction; all or nothing. Returns the number of records in the directory."""
    folder = folder or Path(settings.BASE_DIR) / "fixtures"
    files = [folder / fixture_name(model) for model in fixture_models()]
    # A kind without records has an empty list, which loaddata would warn about.
    present = [
        str(file) for file in files if file.exists() and file.read_text(encoding="utf-8").strip("[] \n")
    ]
    # The records arrive as they were published; their history begins with the first edit made here.
    with transaction.atomic(), index.deferred(), _without_history(), known_keys():
        call_command("loaddata", *present, verbosity=max(verbosity - 1, 0))
        statistics.refresh()
    return sum(model._default_manager.count() for model in fixture_models())


@contextmanager
def _without_history() -> Iterator[None]:
    Record.skip_history_when_saving = True  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del Record.skip_history_when_saving  # type: ignore[attr-defined]


def written(model: type[NaturalKey]) -> str:
    """A model's records as their fixture has them: by natural key, sorted, one field to a line."""
    text = serializers.serialize(
        "json",
        _sorted(model),
        indent=1,
        use_natural_foreign_keys=True,
        use_natural_primary_keys=True,
    )
    return text.rstrip("\n") + "\n"


def _sorted(model: type[NaturalKey]) -> Iterator[NaturalKey]:
    records = list(model._default_manager.order_by("pk"))
    yield from sorted(
        records, key=lambda record: tuple("" if part is None else str(part) for part in record.natural_key())
    )


def dump(folder: Path | None = None) -> list[Path]:
    """Write every fixture anew; records that did not change keep their lines."""
    folder = folder or Path(settings.BASE_DIR) / "fixtures"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for model in fixture_models():
        path = folder / fixture_name(model)
        path.write_text(written(model), encoding="utf-8")
        paths.append(path)
    return paths
