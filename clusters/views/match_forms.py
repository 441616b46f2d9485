"""What the program matcher asks: every answer may be left out, and none is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from clusters import models as m
from clusters.dates import PartialDate
from clusters.models import terms
from clusters.programs.eligibility import BEFORE_FOUNDING, Applicant
from clusters.programs.keeping import kept

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


class PartialDateInput(forms.CharField):
    def to_python(self, value) -> PartialDate | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return PartialDate(text)
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from None


Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Known:
    """What of the directory can be chosen, in the reader's language."""

    districts: dict[str, m.District]
    provinces: Choices
    municipalities: Choices
    technologies: Choices
    industries: Choices

    @classmethod
    def at(cls, data_version: int, now: datetime) -> "Known":
        return kept(("choices of the matcher", get_language()), data_version, now, cls._read)

    @classmethod
    def _read(cls) -> "Known":
        districts = {one.slug: one for one in m.District.objects.published().select_related("province")}
        provinces, technologies, industries = (
            [(one.slug, str(one)) for one in model.objects.all()]
            for model in (m.Province, m.Technology, m.Industry)
        )
        return cls(districts, provinces, _municipalities(districts.values()), technologies, industries)


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

    def __init__(self, known: Known, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.known = known
        self._choose("province", [ANY, *known.provinces, ("abroad", _("Abroad"))])
        self._choose("municipality", [ANY, *known.municipalities])
        places = [ANY, *((one.slug, str(one.short_name)) for one in known.districts.values())]
        # "from" is a word of Python.
        self.fields["from"] = forms.ChoiceField(label=_("Moving from"), required=False, choices=places)
        self.fields["to"] = forms.ChoiceField(label=_("Moving to"), required=False, choices=places)
        self._choose("technology", known.technologies)
        self._choose("industry", known.industries)
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

    def move(self) -> tuple[m.District | None, m.District | None]:
        """From where to where; either may be left out."""
        said = self.cleaned_data
        here, there = (
            self.known.districts.get(said.get("from", "")),
            self.known.districts.get(said.get("to", "")),
        )
        return here, None if there == here else there


def _municipalities(districts: Iterable[m.District]) -> Choices:
    """The cities and gu of the districts, by name; those that a condition names are among them as a rule."""
    found: dict[str, str] = {}
    for district in districts:
        korean = district.municipality_ko.split("·")
        shown = str(district.municipality).replace(" and ", ", ").replace("·", ", ").split(", ")
        found |= dict(zip(korean, shown if len(shown) == len(korean) else korean, strict=True))
    return sorted(found.items(), key=lambda pair: pair[1])
