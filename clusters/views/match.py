"""The program matcher: what a visitor says, in the address and nowhere else, against the conditions of every call."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from clusters import models as m
from clusters.dates import seoul_now
from clusters.programs import matching, moving, weighing
from clusters.programs.eligibility import Applicant

from .match_forms import Answers, Known

SHOWN = 30  # calls of each group on the page
MOST_SAID = 40  # repeats of one parameter that are looked at
GROUPS = (
    ("can", gettext_lazy("You meet every known condition")),
    ("check", gettext_lazy("To be checked")),
    ("later", gettext_lazy("Not open yet")),
    ("cannot", gettext_lazy("A condition is not met")),
)


@dataclass
class Group:
    key: str
    title: str
    total: int
    weighed: list[weighing.Weighed]  # the first of them


@dataclass
class Moving:
    """What a move would change: the calls that come within reach, and those that no longer are."""

    here: m.District | None
    there: m.District
    gained: Group
    lost: Group
    kept: int

    @property
    def groups(self) -> list[Group]:
        return [self.gained, self.lost]


@dataclass
class Page:
    """The visitor's answers and, once something was said, the calls in groups."""

    form: Answers
    company: m.Company | None = None
    unknown_company: bool = False
    groups: list[Group] = field(default_factory=list)
    moving: Moving | None = None

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @property
    def told(self) -> list[weighing.Weighed]:
        """Every call that is told of, in whatever group."""
        groups = [*self.groups, *(self.moving.groups if self.moving else [])]
        return [one for group in groups for one in group.weighed]

    @property
    def answered(self) -> bool:
        return bool(self.groups)


def _said(company: m.Company) -> dict:
    """A company of the directory as answers of the form."""
    known = matching.of_company(company)
    said = {
        "form": [known.form],
        "founded": [str(known.founded or "")],
        "size": [known.size],
        "province": [known.province],
        "municipality": [known.municipality],
        "stage": [known.stage],
        "technology": sorted(known.technologies),
        "industry": sorted(known.industries),
    }
    return {name: values for name, values in said.items() if any(values)}


def _read(request, now) -> Page:
    parameters = request.GET.copy()
    for name in list(parameters):
        parameters.setlist(name, [value[:200] for value in parameters.getlist(name)[:MOST_SAID]])
    known = Known.at(request.data_version, now)
    page = Page(Answers(known))
    asked_for = parameters.get("company", "")
    if asked_for:
        page.company = m.Company.objects.published().filter(slug=asked_for).first()
        page.unknown_company = page.company is None
    if page.company is not None:
        for name, values in _said(page.company).items():
            if name not in parameters:
                parameters.setlist(name, values)
    if not any(parameters.getlist(name) != [""] for name in page.form.fields if name in parameters):
        return page
    page.form = Answers(known, parameters)
    page.form.is_valid()
    applicant, (here, there) = page.form.applicant(), page.form.move()
    if here is not None:
        applicant = _in(here, applicant)
    calls = weighing.calls_at(now, request.data_version)
    weighed = calls.weighed(applicant)
    page.groups = [group for group in _grouped(weighed) if group.total]
    if there is not None and (here is not None or applicant.province):
        move = moving.between(weighed, calls.weighed(_in(there, applicant)), SHOWN)
        page.moving = Moving(
            here,
            there,
            Group("gained", _("Within reach there, and not now"), move.gained.total, move.gained.first),
            Group("lost", _("Within reach now, and no longer there"), move.lost.total, move.lost.first),
            move.kept,
        )
    return page


def _in(district: m.District, applicant: Applicant) -> Applicant:
    province, municipality = matching.region_of(district)
    return replace(applicant, province=province, municipality=municipality)


def _grouped(weighed: weighing.Weighing) -> Iterable[Group]:
    taking, unmet = weighed.calls.taking, weighed.unmet
    found = {
        "can": weighed.met & taking,
        "check": taking & ~unmet & ~weighed.met,
        "later": weighed.calls.everything & ~taking & ~unmet,
        "cannot": unmet,
    }
    for key, title in GROUPS:
        some = weighed.clearest(found[key], SHOWN)
        yield Group(key, str(title), some.total, some.first)


@require_safe
def page(request):
    now = seoul_now()
    return render(request, "programs/match.html", {"page": _read(request, now), "now": now, "shown": SHOWN})


@require_safe
def json(request):
    now = seoul_now()
    found = _read(request, now)
    errors = {name: list(map(str, problems)) for name, problems in found.form.errors.items()}
    if found.unknown_company:
        errors["company"] = [_("There is no such company in this directory.")]
    if errors:
        return _answer(
            {"title": _("Some parameters cannot be used."), "status": 400, "errors": errors},
            status=400,
            content_type="application/problem+json",
        )
    calls = matching.calls(one.call_pk for one in found.told)
    results = [
        _described(match, group.key)
        for group in found.groups
        for match in matching.show(group.weighed, calls)
    ]
    return _answer(
        {
            "judged_at": now.isoformat(timespec="minutes"),
            "counts": {group.key: group.total for group in found.groups},
            **({"move": _moved(found.moving, calls)} if found.moving else {}),
            "results": results,
        }
    )


def _moved(found: Moving, calls: dict[int, m.Call]) -> dict:
    return {
        "from": found.here.slug if found.here else None,
        "to": found.there.slug,
        "kept": found.kept,
        **{
            group.key: {
                "count": group.total,
                "calls": [calls[one.call_pk].slug for one in group.weighed if one.call_pk in calls],
            }
            for group in (found.gained, found.lost)
        },
    }


def _answer(data: dict, **kwargs) -> JsonResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False}, **kwargs)


def _described(match: matching.Match, group: str) -> dict:
    return {
        "group": group,
        "verdict": str(match.weighed.verdict),
        "program": match.program.slug,
        "name": str(match.program.name),
        "call": match.call.slug,
        "label": str(match.call.label),
        "status": str(match.weighed.status),
        "url": settings.SITE_URL + match.program.get_absolute_url(),
        "base_date": match.weighed.base.isoformat(),
        "base_date_stated": match.weighed.base_is_stated,
        "conditions": [
            {
                "about": criterion.dimension,
                "necessity": criterion.necessity,
                "condition": str(criterion.value),
                "clause": criterion.quote,
                "source": criterion.public_source.slug if criterion.public_source else None,
                "verdict": str(finding.verdict),
                "reason": str(finding.reason),
            }
            for criterion, finding in match.criteria
        ],
    }
