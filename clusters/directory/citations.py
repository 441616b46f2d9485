"""What rests on a source: every public statement that cites it."""

from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _

from clusters.models import Fact, Source


@dataclass
class Citing:
    """The statements of one kind: each with the text to show and the page that shows it."""

    label: str
    statements: list[tuple[str, str, object]] = field(default_factory=list)


# For each kind of fact: the path to the record whose page shows it, and how the statement reads there.
_SHOWN_ON = {
    "Office": (
        "company",
        lambda f: f"{f.company.name}, {f.get_kind_display()}, {f.address or f.district or ''}",
    ),
    "FundingRound": ("company", lambda f: f"{f.company.name}, {f.get_round_display()}, {f.date.display()}"),
    "Observation": ("series__district", lambda f: f"{f.series}, {f.period.display()}"),
    "Claim": ("district", lambda f: f"{f.district}: {f.statement}"),
    "Designation": ("district", lambda f: f"{f.district}: {f.title}"),
    "Trait": ("district", lambda f: f"{f.district}: {f.text}"),
    "Station": ("district", lambda f: f"{f.district}: {f.name}"),
    "AnchorSite": ("district", lambda f: f"{f.district}: {f.name}"),
    "Call": ("program", lambda f: f"{f.program.name}, {f.label}"),
    "Criterion": ("call__program", lambda f: f"{f.call}: {f.value}"),
    "Institution": (None, lambda f: str(f.name)),
    "Event": (None, lambda f: str(f.name)),
}


def _page_of(fact, path: str | None) -> str:
    record = fact
    for part in (path or "").split("__") if path else []:
        record = getattr(record, part) if record is not None else None
    return record.get_absolute_url() if record is not None else ""


def resting_on(source: Source) -> list[Citing]:
    """Every public statement that cites the source, by kind, in a fixed number of queries."""
    found = []
    for model in apps.get_app_config("clusters").get_models():
        if not issubclass(model, Fact):
            continue
        path, words = _SHOWN_ON[model.__name__]
        cited = Q(source=source) | Q(further_sources=source)
        if model.__name__ == "Claim":
            cited |= Q(made_in=source)
        related = [name for name in (path, *model.gates, *model.optional_gates) if name]
        facts = model.objects.published().filter(cited).distinct().select_related(*related)
        citing = Citing(str(model._meta.verbose_name_plural))
        citing.statements = [(words(fact), _page_of(fact, path), fact) for fact in facts]
        if citing.statements:
            found.append(citing)
    for name, label in (
        ("Company", _("profiles of companies")),
        ("Program", _("programs")),
        ("District", _("districts")),
    ):
        model = apps.get_model("clusters", name)
        cited = Q(source=source) | (Q(profile_sources=source) if name == "District" else Q())
        records = model.objects.published().filter(cited).distinct()
        citing = Citing(str(label), [(str(r.name), r.get_absolute_url(), r) for r in records])
        if citing.statements:
            found.append(citing)
    return found
