"""What a directory lists for one set of parameters. Page, CSV and JSON all read this, so they cannot differ."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy

from clusters import search, units
from clusters.dates import seoul_now
from clusters.models import version

from . import rows, sentence
from .answers import Answers, FromSnapshot, FromTables, InAnotherOrder
from .facets import CountedFacet, Phrase
from .fields import cleaned, list_fields
from .passages import Passage
from .reading import Reading
from .sentence import Part
from .snapshot import AT_ONCE, Snapshot, keeper

if TYPE_CHECKING:
    from .registry import Directory

SEARCHED = Phrase(pgettext_lazy("medial", "matching {chips},"), pgettext_lazy("final", "matching {chips}"))


@dataclass(frozen=True)
class Relief:
    """A choice that stands in the way of any result, and how many there are without it."""

    words: str
    count: int
    address: str


@cache
def _path(route: str, language: str | None, prefix: str) -> str:
    return reverse(route)


class Selection:
    def __init__(
        self,
        directory: "Directory",
        params: QueryDict,
        now: datetime | None = None,
        data_version: int | None = None,
        usual_sort: str = "",
        usual_length: int = 0,
    ) -> None:
        """`data_version` is what `version.current` said before anything was read; 0 has the tables read.

        `usual_sort` and `usual_length` hold where nothing was asked for, instead of what the directory has.
        """
        self.directory = directory
        self.usual_sort, self.usual_length = usual_sort, usual_length or directory.per_page
        self.now = now or seoul_now()
        self.language = "en" if (get_language() or "ko").startswith("en") else "ko"
        self.version = version.current() if data_version is None else data_version
        self._usual_order = directory.default_sort, self.language
        self._usual = keeper(directory).at(self.version, self._usual_order, self.now)
        memory = self._usual.memory if self._usual else None
        self.filters = directory.filters(params, now=self.now, memory=memory)
        self.sorts = directory.table.sorts()
        self._listing, self._listing_errors = cleaned(list_fields(self.sorts), params)
        self.chosen: dict = self.filters.chosen
        self._last_read: tuple[list[int], list] = (
            [],
            [],
        )  # numbers, records; rows of two kinds are made of them

    # ---- what was asked ----------------------------------------------------------------------------

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong with the parameters, by parameter. A page number beyond the last is not among them."""
        return self.filters.errors | self._listing_errors

    @property
    def list_errors(self) -> list[str]:
        """What is wrong with the order and the page, which have no field of their own in the form."""
        found = [message for messages in self._listing_errors.values() for message in messages]
        return found + ([self.page_error] if self.page_error else [])

    @property
    def text(self) -> str:
        return self.chosen.get("q", "")

    @property
    def text_as_typed(self) -> str:
        """What the search field shows: also what could not be used, so that it can be corrected."""
        return (self.filters.data.get("q") or "")[: 2 * search.MAX_LENGTH]

    @property
    def sort_given(self) -> str:
        return self._listing.get("sort", "")

    @property
    def per_page_given(self) -> int | None:
        return self._listing.get("per_page")

    @property
    def sort_code(self) -> str:
        """The order in use; empty when the best matches of a search go first."""
        return self.sort_given or self.usual_sort or ("" if self.text else self.directory.default_sort)

    @property
    def per_page(self) -> int:
        return self.per_page_given or self.usual_length

    # ---- what it lists -----------------------------------------------------------------------------

    @property
    def _order(self) -> tuple[str, str]:
        return self.sort_code or self.directory.default_sort, self.language

    @cached_property
    def queryset(self) -> QuerySet:
        """Every row in order, as the tables have it."""
        order = self.directory.order(*self._order, self.now)
        if not self.sort_code:
            order.insert(0, search.rank(self.directory.model, self.text).asc())
        return self.directory.rows(self.filters.rows()).order_by(*order)

    @cached_property
    def _snapshot(self) -> Snapshot | None:
        return keeper(self.directory).at(self.version, self._order, self.now)

    @cached_property
    def answers(self) -> Answers:
        if self._snapshot is not None:
            return FromSnapshot(self, self._snapshot, self._order)
        if self._usual is not None:
            return InAnotherOrder(self, self._usual, self._usual_order)
        return FromTables(self)

    @cached_property
    def total(self) -> int:
        return self.answers.total()

    @cached_property
    def everything(self) -> int:
        """How many there are without any filter."""
        return self.answers.everything

    @cached_property
    def last_page(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def page(self) -> int:
        """The page in use: the last one when a later one was asked for."""
        return min(self._listing.get("page", 1), self.last_page)

    @property
    def page_error(self) -> str:
        """Said when the page asked for lies beyond the last one, which is shown instead."""
        if (self._listing.get("page", 1)) <= self.last_page:
            return ""
        return ngettext(
            "There is only %(count)d page. It is shown.",
            "There are only %(count)d pages. The last one is shown.",
            self.last_page,
        ) % {"count": self.last_page}

    @property
    def first_row(self) -> int:
        return (self.page - 1) * self.per_page + 1 if self.total else 0

    @property
    def last_row(self) -> int:
        return min(self.page * self.per_page, self.total)

    @cached_property
    def page_pks(self) -> list[int]:
        return self.answers.pks(self.first_row - 1, self.last_row) if self.total else []

    def records(self, pks: list[int]) -> list:
        """Records with all that a row shows, in the order of their numbers."""
        if not pks:
            return []
        if pks != self._last_read[0]:
            snapshot = self._snapshot or self._usual
            reading = Reading() if snapshot is None else snapshot.reading
            rows = self.directory.rows(self.filters.queryset.filter(pk__in=pks)).order_by()
            found = {record.pk: record for record in reading.records(rows)}
            self._last_read = pks, [found[pk] for pk in pks if pk in found]
        return self._last_read[1]

    def lines(self, way: str, pks: list[int], draw: Callable[[list], Iterable[bytes]]) -> bytes:
        """Rows of a file; `draw` writes those of records that were not written for this version of the data yet."""

        def drawn(missing: list[int]) -> Iterable[tuple[int, bytes]]:
            records = self.records(missing)
            return zip([record.pk for record in records], draw(records), strict=True)

        snapshot = self._snapshot or self._usual
        lines = dict(drawn(pks)) if snapshot is None else snapshot.lines.of(self._way(way), pks, drawn)
        return b"".join(lines.values())

    def _way(self, name: str) -> str:
        """Rows hold addresses, which begin with what the site stands under."""
        return f"{name}.{self.language}{get_script_prefix()}"

    @property
    def holds(self) -> bool:
        """Whether what is written now is kept: there is a snapshot, and the tables still say so."""
        return self._snapshot is not None and self._snapshot.holds()

    @cached_property
    def page_rows(self) -> list:
        return self.records(self.page_pks)

    @cached_property
    def drawn_rows(self) -> list[Passage]:
        """The rows of the page as HTML; what was drawn before is not read again."""
        return self.drawn(self.page_pks)

    def drawn(self, pks: list[int]) -> list[Passage]:
        """The rows of some records, in the order of their numbers."""
        store = rows.Store() if self._snapshot is None else self._snapshot.rows
        depends_on = self.directory.table.depends_on(self)
        way = (self.language, *depends_on)
        found = {pk: row for pk in pks if (row := store.get(pk, way))}
        if missing := [pk for pk in pks if pk not in found]:
            draw = partial(self._draw, way=way, cells=store.cells)
            more = draw(missing)
            if self._snapshot is not None and self.everything > AT_ONCE:  # a process does not keep them all
                lines = partial(self._snapshot.page_lines.of, self._way(f"page{list(depends_on)}"))
                more = rows.kept(lines, missing, draw)
            for pk, row in more:
                store.keep(pk, way, row)
                found[pk] = row
        return [found[pk] for pk in pks if pk in found]

    def _draw(
        self, pks: list[int], way: Hashable, cells: dict[Hashable, str]
    ) -> Iterator[tuple[int, Passage]]:
        if records := self.records(pks):
            yield from rows.draw(self.directory.table(records, selection=self), way, cells)

    # ---- the filter form ---------------------------------------------------------------------------

    @cached_property
    def facets(self) -> list[CountedFacet]:
        errors = self.errors
        return [
            facet.counted(
                self.answers.counts(facet), self.chosen.get(facet.name, []), errors.get(facet.name, [])
            )
            for facet in self.filters.facets
        ]

    def same_for_everybody(self, name: str, draw: Callable[[], str]) -> str:
        """A part of the page that is the same wherever nothing was chosen; then it is drawn once."""
        if self._snapshot is None or self.chosen or self.errors:
            return draw()
        memory, key = self._snapshot.memory, (name, get_language())
        if key not in memory:
            memory[key] = draw()
        return memory[key]

    # ---- addresses ---------------------------------------------------------------------------------

    def address(self, chosen: Mapping | None = None, *, suffix: str = "", **paging) -> str:
        """The address of this list, or of one with other choices, another order or page (None leaves one out)."""
        query = dict(self.chosen if chosen is None else chosen)
        for name, value in {"sort": self.sort_given, "per_page": self.per_page_given, **paging}.items():
            if value:
                query[name] = value
        path = _path(self.directory.name + suffix, get_language(), get_script_prefix())
        return f"{path}?{urlencode(query, doseq=True)}" if query else path

    def _without(self, name: str, value: str | None = None) -> str:
        rest = {key: one for key, one in self.chosen.items() if key != name}
        if value is not None and isinstance(self.chosen[name], list):
            kept = [one for one in self.chosen[name] if one != value]
            rest = {**self.chosen, name: kept} if kept else rest
        return self.address(rest)

    @property
    def clear_address(self) -> str:
        return self.address({})

    @property
    def csv_address(self) -> str:
        return self.address(suffix=".csv", per_page=None)

    @property
    def xlsx_address(self) -> str:
        return self.address(suffix=".xlsx", per_page=None)

    @property
    def calendar_address(self) -> str:
        return self.address(suffix=".ics", per_page=None)

    @property
    def month_address(self) -> str:
        return self.address(suffix="/calendar", per_page=None, sort=None)

    @property
    def form_address(self) -> str:
        """Where the filter form is sent."""
        return self.address({}, per_page=None, sort=None)

    @property
    def json_address(self) -> str:
        return self.address(suffix=".json")

    @property
    def atom_address(self) -> str:
        return self.address(suffix=".atom", per_page=None, sort=None)

    @property
    def next_json_address(self) -> str | None:
        return self.address(suffix=".json", page=self.page + 1) if self.page < self.last_page else None

    # ---- in words ----------------------------------------------------------------------------------

    @cached_property
    def lead(self) -> str:
        return self.directory.words.lead % {"count": self.everything}

    def _chips(self, name: str) -> list[Part]:
        value = self.chosen[name]
        if name == "q":
            return [Part(pgettext("quoted", "“%(text)s”") % {"text": value}, self._without(name))]
        facet = self.filters.filters[name]
        return [
            Part(sentence.word_of(facet, one), self._without(name, one), facet.options[one].mark)
            for one in value
        ]

    @cached_property
    def _phrases(self) -> list[Part]:
        wording = {name: getattr(one, "phrase", SEARCHED) for name, one in self.filters.filters.items()}
        return sentence.phrases([(wording[name], self._chips(name)) for name in self.chosen])

    @property
    def chip_count(self) -> int:
        return sum(bool(part.address) for part in self._phrases)

    @cached_property
    def sentence(self) -> list[Part]:
        words = self.directory.words
        frame = (words.counted if self.chosen else words.counted_all) % self.total
        return sentence.sentence(frame, units.plain(self.total), self._phrases)

    @property
    def announcement(self) -> str:
        """The sentence for a live region."""
        return sentence.plain(self.sentence)

    @property
    def caption(self) -> str:
        words = self.directory.words
        if not self.chosen:
            return str(words.caption_all)
        return sentence.plain(sentence.sentence(str(words.caption), "", self._phrases))

    @property
    def order_words(self) -> str:
        code = self.sort_code
        if not code:
            return pgettext("order", "hits in the name first")
        return str(self.sorts[code.removeprefix("-")].said[code.startswith("-")])

    @cached_property
    def reliefs(self) -> list[Relief]:
        """For a list that came out empty: which single condition to drop, and what that brings."""
        if self.total or not self.chosen:
            return []
        found = []
        for name in self.chosen:
            count = self.answers.total({name})
            if count:
                words = ", ".join(chip.text for chip in self._chips(name))
                found.append(Relief(words, count, self._without(name)))
        return sorted(found, key=lambda relief: -relief.count)
