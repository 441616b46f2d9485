"""Where the directories list the records behind a criterion: the addresses of their filtered lists."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from clusters.models import Status
from clusters.programs.deadlines import TAKES_APPLICATIONS

from .answer import Part, Place
from .criteria import CUSTOMERS, INVESTMENT_SUPPORT, TALENT, TESTBED_SUPPORT
from .question import Question

Link = tuple[str, str]  # words and address


def of(part: Part, place: Place, question: Question) -> list[Link]:
    slug, key = place.district.slug, part.criterion.key

    def listed(words: str, name: str, **parameters: Sequence[str]) -> Link:
        query = urlencode({"district": slug, **parameters}, doseq=True)
        return words, f"{reverse(name)}?{query}"

    def companies(**parameters: Sequence[str]) -> list[Link]:
        return [
            listed(_("List of these companies"), "companies", status=[Status.CONFIRMED.value], **parameters)
        ]

    def institutions(kinds: Sequence[str]) -> Link:
        return listed(_("List of these institutions"), "institutions", kind=[str(kind) for kind in kinds])

    def programs(**parameters: Sequence[str]) -> Link:
        return listed(_("List of these programs"), "programs", **parameters)

    if key == "peers":
        fields = {"technology": [field.slug for field in question.fields]} if question.fields else {}
        return companies(**fields)
    if key == "customers":
        return companies(kind=[kind.value for kind in CUSTOMERS])
    if key == "space":
        return [institutions(question.stage.space)]
    if key == "programs":
        return [programs(status=sorted(status.value for status in TAKES_APPLICATIONS))]
    if key == "investors":
        return [institutions(question.stage.investors), programs(support=INVESTMENT_SUPPORT)]
    if key == "testbeds":
        return [programs(support=TESTBED_SUPPORT)]
    if key == "talent":
        return [institutions(TALENT)]
    anchor = "#ind" if key == "rent" else ""
    return [(_("Profile of the district"), place.district.get_absolute_url() + anchor)]
