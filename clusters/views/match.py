"""The program matcher: what a visitor says, in the address and nowhere else, against the conditions of every call."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from clusters import models as m
from clusters.dates import PartialDate, seoul_now
from clusters.models import terms
from clusters.programs import deadlines, matching
from clusters.programs.eligibility import BEFORE_FOUNDING, Applicant, Verdict

SHOWN = 30  # calls of each group on the page
MOST_SAID = 40  # repeats of one parameter that are looked at
ANY = ("", gettext_lazy("Not said"))

FORMS = {
    BEFORE_FOUNDING: gettext_lazy("Not founded yet"),
    "sole_proprietor": gettext_lazy("Sole proprietor"),
    "corporation": gettext_lazy("Corporation"),
    "university": gettext_lazy("University"),
    "institute": gettext_lazy("Research institute"),
    "hospital": gettext_lazy("Hospital"),
    "nonprofit": gettext_lazy("Nonprofit body"),
    "public_body": gettext_lazy("Public body"),
}
CERTIFICATIONS = {
    "venture": gettext_lazy("Venture company"),
    "innobiz": gettext_lazy("Inno-Biz"),
    "mainbiz": gettext_lazy("Main-Biz"),
    "research_lab": gettext_lazy("Company research lab"),
    "social": gettext_lazy("Social enterprise"),
    "women": gettext_lazy("Women-owned business"),
    "youth": gettext_lazy("Youth startup"),
}
SIZES = {size: m.CompanyKind(size).label for size in terms.SIZES}
STAGES = {stage: m.Stage(stage).label for stage in terms.STAGES if stage != BEFORE_FOUNDING}
GROUPS = (
    ("can", gettext_lazy("You meet every known condition")),
    ("check", gettext_lazy("To be checked")),
    ("later", gettext_lazy("Not open yet")),
    ("cannot", gettext_lazy("A condition is not met")),
)


class PartialDateInput(forms.CharField):
    def to_python(self, value) -> PartialDate | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return PartialDate(text)
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from None


class Answers(forms.Form):
    """What a visitor says. Every answer may be left out."""

    form = forms.ChoiceField(label=gettext_lazy("Legal form"), required=False, choices=[ANY, *FORMS.items()])
    founded = PartialDateInput(
        label=gettext_lazy("Founded"),
        required=False,
        max_length=10,
        help_text=gettext_lazy(
            "A sole proprietor’s day of opening, a corporation’s day of registration: 2021, 2021-04 or 2021-04-09."
        ),
    )
    size = forms.ChoiceField(label=gettext_lazy("Size"), required=False, choices=[ANY, *SIZES.items()])
    province = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("City or gu"), required=False)
    stage = forms.ChoiceField(
        label=gettext_lazy("Investment stage"), required=False, choices=[ANY, *STAGES.items()]
    )
    investment = forms.IntegerField(
        label=gettext_lazy("Investment received, in units of KRW 100 million"),
        required=False,
        min_value=0,
        max_value=100_000,
    )
    technology = forms.MultipleChoiceField(label=gettext_lazy("Technologies"), required=False)
    industry = forms.MultipleChoiceField(label=gettext_lazy("Industries"), required=False)
    certification = forms.MultipleChoiceField(
        label=gettext_lazy("Certifications"),
        required=False,
        choices=[("none", pgettext_lazy("certifications", "None of these")), *CERTIFICATIONS.items()],
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        provinces = [(one.slug, str(one)) for one in m.Province.objects.all()]
        self._choose("province", [ANY, *provinces, ("abroad", _("Abroad"))])
        self._choose("municipality", [ANY, *((name, label) for name, label in _municipalities())])
        self._choose("technology", [(one.slug, str(one)) for one in m.Technology.objects.all()])
        self._choose("industry", [(one.slug, str(one)) for one in m.Industry.objects.all()])
        for name, box in self.fields.items():
            if isinstance(box, forms.MultipleChoiceField):
                box.widget = forms.CheckboxSelectMultiple(choices=list(box.choices))  # type: ignore[arg-type]
            elif box.help_text:
                box.widget.attrs["aria-describedby"] = f"id_{name}_help"
        self.fields["founded"].widget.attrs.update({"inputmode": "numeric", "placeholder": "2021-04-09"})

    def _choose(self, name: str, choices: list) -> None:
        box = self.fields[name]
        assert isinstance(box, forms.ChoiceField)
        box.choices = choices

    def applicant(self) -> Applicant:
        """What was said and understood; what was not understood counts as not said."""
        said = self.cleaned_data
        certifications = said.get("certification")
        investment = said.get("investment")
        return Applicant(
            form=said.get("form", ""),
            founded=said.get("founded"),
            size=said.get("size", ""),
            province=said.get("province", ""),
            municipality=said.get("municipality", ""),
            technologies=frozenset(said.get("technology", ())),
            industries=frozenset(said.get("industry", ())),
            stage=said.get("stage", ""),
            certifications=frozenset(certifications) - {"none"} if certifications else None,
            investment_krw=None if investment is None else investment * 100_000_000,
        )


def _municipalities() -> list[tuple[str, str]]:
    """The cities and gu of the districts, by name; those that a condition names are among them as a rule."""
    found: dict[str, str] = {}
    for district in m.District.objects.published():
        korean = district.municipality_ko.split("·")
        shown = str(district.municipality).replace(" and ", ", ").replace("·", ", ").split(", ")
        found |= dict(zip(korean, shown if len(shown) == len(korean) else korean, strict=True))
    return sorted(found.items(), key=lambda pair: pair[1])


@dataclass
class Group:
    key: str
    title: str
    total: int
    matches: list[matching.Match]


@dataclass
class Page:
    """The visitor's answers and, once something was said, the calls in groups."""

    form: Answers
    company: m.Company | None = None
    unknown_company: bool = False
    groups: list[Group] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

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
    page = Page(Answers())
    asked_for = parameters.get("company", "")
    if asked_for:
        page.company = m.Company.objects.published().filter(slug=asked_for).first()
        page.unknown_company = page.company is None
    if page.company is not None:
        for name, values in _said(page.company).items():
            if name not in parameters:
                parameters.setlist(name, values)
    if not any(parameters.getlist(name) != [""] for name in Answers.base_fields if name in parameters):
        return page
    page.form = Answers(parameters)
    page.form.is_valid()
    weighed = matching.weigh(page.form.applicant(), now)
    page.groups = [group for group in _grouped(weighed, now) if group.total]
    return page


def _grouped(weighed: Iterable[matching.Weighed], now) -> Iterable[Group]:
    sorted_out: dict[str, list[matching.Weighed]] = {key: [] for key, _title in GROUPS}
    for one in weighed:
        if one.verdict == Verdict.UNMET:
            sorted_out["cannot"].append(one)
        elif one.status not in deadlines.TAKES_APPLICATIONS:
            sorted_out["later"].append(one)
        else:
            sorted_out["can" if one.verdict == Verdict.MET else "check"].append(one)
    for key, title in GROUPS:
        # What asks least of the applicant to find out comes first; within that, the nearest deadline.
        found = sorted(sorted_out[key], key=lambda one: len(one.result.of(Verdict.CHECK)))
        yield Group(key, str(title), len(found), list(matching.show(found[:SHOWN], now)))


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
    results = [_described(match, group.key, request) for group in found.groups for match in group.matches]
    return _answer(
        {
            "judged_at": now.isoformat(timespec="minutes"),
            "counts": {group.key: group.total for group in found.groups},
            "results": results,
        }
    )


def _answer(data: dict, **kwargs) -> JsonResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False}, **kwargs)


def _described(match: matching.Match, group: str, request) -> dict:
    return {
        "group": group,
        "verdict": str(match.weighed.verdict),
        "program": match.program.slug,
        "name": str(match.program.name),
        "call": match.call.slug,
        "label": str(match.call.label),
        "status": str(match.weighed.status),
        "url": request.build_absolute_uri(reverse("program", args=[match.program.slug])),
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
                "reason": finding.reason,
            }
            for criterion, finding in match.criteria
        ],
    }
