"""What tables are made of: columns drawn by templates, and orders of the rows."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, OuterRef, Q, Subquery, TextChoices, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, Greatest, Lower
from django.utils.translation import pgettext_lazy

from clusters.models import Record


class Folded(Lower):
    """A text without capitals, ordered by its characters as SQLite does both: PostgreSQL would go by its locale."""

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template='LOWER(%(expressions)s COLLATE "C")', **context)


@dataclass(frozen=True)
class Sort:
    """An order of the rows. Rows without the value come last in either direction."""

    expressions: Callable[[str, datetime], list[Any]]  # from the reader's language and the moment
    said: tuple[Any, Any]  # in words: ascending, descending
    missing: Q | None = None
    by_language: bool = False  # whether the reader's language makes a difference
    starts: str = ""  # "-" where the first click puts the largest first

    def order(self, language: str, now: datetime, descending: bool) -> list[OrderBy]:
        parts = [one if isinstance(one, OrderBy) else one.asc() for one in self.expressions(language, now)]
        if descending:
            for part in parts:
                part.reverse_ordering()
        if self.missing is not None:
            parts.insert(0, Case(When(self.missing, then=Value(1)), default=Value(0)).asc())
        return parts


def by_column(column: str, **kwargs) -> Sort:
    return Sort(lambda language, now: [F(column)], **kwargs)


def by_choice(column: str, choices: type[TextChoices], **kwargs) -> Sort:
    """In the order in which the choices are declared, such as from small to large."""
    places = [When(**{column: value, "then": Value(place)}) for place, value in enumerate(choices.values)]
    return Sort(lambda language, now: [Case(*places, default=Value(len(places)))], **kwargs)


def by_last_change(part: type[Record] | None) -> Sort:
    """By when the record was written, or a part of it that shows in its row."""

    def last(language: str, now: datetime) -> list[Any]:
        own: Any = F("updated_at")
        if part is None:
            return [own]
        of_record = part.objects.published().filter(**{part.part_of: OuterRef("pk")})
        latest = Subquery(of_record.order_by("-updated_at").values("updated_at")[:1])
        return [Greatest(own, Coalesce(latest, own))]

    return Sort(
        last,
        said=(
            pgettext_lazy("order", "longest unchanged first"),
            pgettext_lazy("order", "changed last first"),
        ),
        starts="-",
    )


class Column(tables.Column):
    """A column drawn by a template of its own, `directory/cells/<template>.html`.

    The template sees the row as `record`, and as `value` what the column's function makes of it. Rows for which
    `same_for` gives the same have the same cell; it is drawn once.
    """

    def __init__(
        self,
        template: str,
        label,
        *,
        short=None,
        sort: Sort | None = None,
        css: str = "",
        value: Callable[[Any, Any], Any] | None = None,
        same_for: Callable[[Any, Any], Hashable] | None = None,
    ) -> None:
        super().__init__(verbose_name=label, accessor="pk", orderable=False)
        self.template_name = f"directory/cells/{template}.html"
        self.short = short or label  # beside the value on a narrow screen
        self.sort, self.css = sort, css
        self.read, self.same_for = value, same_for

    @property
    def is_number(self) -> bool:
        """Set to the right, as figures that are compared down the column."""
        return self.css.startswith("n ")


class DirectoryTable(tables.Table):
    """The base of all tables; `selection` is what the table lists."""

    more_sorts: dict[str, Sort] = {}  # orders that belong to no column
    part: type[Record] | None = None  # what is part of a record and shows in its row
    anchored = False  # rows can be pointed at with #slug

    def __init__(self, data, *, selection) -> None:
        super().__init__(data, orderable=False)
        self.selection = selection

    @classmethod
    def depends_on(cls, selection) -> tuple:
        """What besides the record and the language decides how a row is drawn."""
        return ()

    @classmethod
    @cache
    def sorts(cls) -> dict[str, Sort]:
        columns = {name: column.sort for name, column in cls.base_columns.items() if column.sort}
        return {"updated": by_last_change(cls.part), **cls.more_sorts, **columns}

    def body(self) -> Iterator[tuple[Any, list[Any]]]:
        """Each row with what its columns make of it."""
        columns = [bound.column for bound in self.columns]
        for record in self.data:
            yield record, [one.read and one.read(record, self.selection) for one in columns]
