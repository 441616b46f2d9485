"""What a deletion takes along, told in records: the rows that only link two of them go unmentioned."""

from typing import Any

from django.apps import apps
from django.utils.text import capfirst


def links() -> list:
    """The tables that Django makes for relations to several records; their rows have no name a reader knows."""
    return [m._meta for m in apps.get_models(include_auto_created=True) if m._meta.auto_created]


def without(told: list, starts: tuple[str, ...]) -> list:
    """A list of texts and lists of what hangs on them, without the texts that begin in one of these ways."""
    return [
        without(one, starts) if isinstance(one, list) else one
        for one in told
        if isinstance(one, list) or not str(one).startswith(starts)
    ]


class ToldInRecords:
    def get_deleted_objects(self, objs, request) -> tuple[list, dict[str, int], Any, Any]:
        told, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        starts = tuple(f"{capfirst(one.verbose_name)}: " for one in links())
        names = {str(one.verbose_name_plural) for one in links()}
        counts = {name: count for name, count in counts.items() if str(name) not in names}
        return without(told, starts), counts, lacking, protected
