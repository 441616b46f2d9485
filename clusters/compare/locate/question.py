"""What a person asks the location finder: who they are, their fields, their stage, and how much each criterion matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy, pgettext_lazy

from clusters.models import InstitutionKind, Technology

from .criteria import CRITERIA
from .scoring import HALF


class Stage(TextChoices):
    """How old the company is: public support for startups is cut at three and at seven years."""

    ANY = "any", pgettext_lazy("stage of a visitor", "Does not matter")
    IDEA = "idea", pgettext_lazy("stage of a visitor", "Not founded yet")
    EARLY = "early", pgettext_lazy("stage of a visitor", "Up to 3 years old")
    GROWTH = "growth", pgettext_lazy("stage of a visitor", "3 to 7 years old")
    ESTABLISHED = "established", pgettext_lazy("stage of a visitor", "More than 7 years old")

    @property
    def space(self) -> tuple[InstitutionKind, ...]:
        if self == Stage.ESTABLISHED:
            return (InstitutionKind.HUB,)
        return (InstitutionKind.HUB, InstitutionKind.INCUBATOR)

    @property
    def investors(self) -> tuple[InstitutionKind, ...]:
        if self in (Stage.GROWTH, Stage.ESTABLISHED):
            return (InstitutionKind.VC,)
        return (InstitutionKind.ACCELERATOR, InstitutionKind.VC)


class Missing(TextChoices):
    """How what is not known counts."""

    WORST = "worst", pgettext_lazy("missing data", "As the worst case")
    MIDDLE = "middle", pgettext_lazy("missing data", "As the middle")
    BEST = "best", pgettext_lazy("missing data", "As the best case")

    @property
    def at(self) -> Fraction:
        return {Missing.WORST: Fraction(0), Missing.MIDDLE: HALF, Missing.BEST: Fraction(1)}[self]


@dataclass(frozen=True)
class Preset:
    """What usually matters to people of one kind, as a start."""

    label: Any
    about: Any
    asks: Any  # the beginning of the sentence that gives the answer
    stage: Stage
    weights: tuple[int, ...]  # in the order of the criteria


class Role(Enum):
    FOUNDER = "founder"
    GROWING = "growing"
    RESEARCH = "research"
    FOREIGN = "foreign"

    @property
    def preset(self) -> Preset:
        return PRESETS[self]


PRESETS = {
    Role.FOUNDER: Preset(
        gettext_lazy("Founder"),
        gettext_lazy("Space, programs, first investors, low rent"),
        gettext_lazy("For a founder"),
        Stage.EARLY,
        (3, 2, 5, 5, 4, 2, 1, 4, 2),
    ),
    Role.GROWING: Preset(
        gettext_lazy("Growing company"),
        gettext_lazy("Customers, people, capital"),
        gettext_lazy("For a growing company"),
        Stage.GROWTH,
        (3, 5, 1, 3, 4, 3, 4, 2, 3),
    ),
    Role.RESEARCH: Preset(
        gettext_lazy("Research team"),
        gettext_lazy("Universities, testbeds, programs"),
        gettext_lazy("For a research team"),
        Stage.ANY,
        (3, 1, 2, 4, 1, 5, 5, 1, 1),
    ),
    Role.FOREIGN: Preset(
        gettext_lazy("Foreign company"),
        gettext_lazy("Customers, peers, transit"),
        gettext_lazy("For a foreign company"),
        Stage.ANY,
        (4, 5, 2, 2, 2, 3, 3, 2, 4),
    ),
}


@dataclass(frozen=True)
class Question:
    role: Role = Role.FOUNDER
    stage: Stage = Stage.EARLY
    fields: tuple[Technology, ...] = ()
    weights: tuple[int, ...] = PRESETS[Role.FOUNDER].weights
    missing: Missing = Missing.MIDDLE

    @classmethod
    def of(cls, role: Role, fields: Sequence[Technology] = ()) -> "Question":
        return cls(role, role.preset.stage, tuple(fields), role.preset.weights)

    @property
    def is_preset(self) -> bool:
        return self == Question.of(self.role, self.fields)

    @property
    def matters(self) -> bool:
        return any(self.weights)

    @property
    def total(self) -> int:
        """All weights together."""
        return sum(self.weights)

    def as_preset(self, role: Role) -> "Question":
        return Question.of(role, self.fields)

    def query(self, **more: str) -> str:
        """The parameters of its address: only what differs from the preset of the role."""
        preset = self.role.preset
        pairs = [("who", self.role.value)]
        if self.stage != preset.stage:
            pairs.append(("stage", self.stage.value))
        pairs += [("technology", field.slug) for field in self.fields]
        pairs += [
            (criterion.key, str(weight))
            for criterion, weight, usual in zip(CRITERIA, self.weights, preset.weights, strict=True)
            if weight != usual
        ]
        if self.missing != Missing.MIDDLE:
            pairs.append(("missing", self.missing.value))
        return urlencode([*pairs, *more.items()])
