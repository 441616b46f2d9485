"""Records that carry their names: JSON in the shapes of open APIs, JSON Lines, fixtures, XML."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.curation.importing.reading import Limits, UnreadableFile, read


@pytest.fixture
def tables(tmp_path):
    def make(content, encoding: str = "utf-8", name: str = "data.csv", **options):
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return read(path, **options).tables

    return make


def rows(table):
    return [(row.number, dict(zip(table.columns, row.values, strict=True))) for row in table.rows()]


RECORDS = [{"pbanc_sn": 1, "제목": "가 &apos;나&apos;"}, {"pbanc_sn": 2, "url": None, "제목": ""}]
WANTED = [
    (1, {"pbanc_sn": 1, "제목": "가 &apos;나&apos;", "url": None}),
    (2, {"pbanc_sn": 2, "제목": None, "url": None}),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize(
    ("wrap", "path"),
    [
        (lambda records: records, ""),
        (lambda records: {"data": records, "total": 2}, "data"),
        (lambda records: {"response": {"header": {}, "body": {"items": records}}}, "response.body.items"),
        (lambda records: {"body": {"items": {"item": records}}, "codes": [{"a": 1}]}, "body.items.item"),
    ],
)
def test_the_list_of_records_is_found_and_named(tables, wrap, path, encoding):
    (table,) = tables(wrap(RECORDS), encoding)
    assert rows(table) == WANTED
    assert [note.place for note in table.notes if note.kind == "path"] == ([path] if path else [])


def test_json_lines_keep_their_line_numbers(tables):
    (table,) = tables('{"a": 1}\n\n{"a": 2.50}\n')
    assert table.kind == "jsonl"
    assert rows(table) == [(1, {"a": 1}), (3, {"a": Decimal("2.50")})]


def test_nested_values_are_flattened(tables):
    (table,) = tables([{"a": {"b": 1, "c": [2]}, "d": ["x", "y"], "e": [{"f": 1.5}], "g": True}])
    assert rows(table) == [(1, {"a / b": 1, "a / c": "2", "d": "x\ny", "e": '[{"f": 1.5}]', "g": True})]
    assert [note.kind for note in table.notes] == ["nested"]


def test_a_fixture_is_one_table_a_model(tables):
    found = tables(
        [
            {"model": "clusters.company", "fields": {"slug": "a", "technologies": [["nlp"], ["vision"]]}},
            {"model": "clusters.office", "pk": 3, "fields": {"company": ["a"], "district": ["pangyo"]}},
            {"model": "clusters.company", "fields": {"slug": "b", "technologies": []}},
        ]
    )
    assert [(table.sheet, table.kind) for table in found] == [
        ("clusters.company", "fixture"),
        ("clusters.office", "fixture"),
    ]
    assert rows(found[0]) == [
        (1, {"slug": "a", "technologies": "nlp\nvision"}),
        (3, {"slug": "b", "technologies": None}),
    ]
    assert rows(found[1]) == [(2, {"pk": 3, "company": "a", "district": "pangyo"})]


def test_long_arrays_are_read_piece_by_piece(tables):
    records = [{"id": number, "text": "가나다" * 50} for number in range(3000)]
    (table,) = tables(records)
    assert [row.values[0] for row in table.rows()] == list(range(3000))


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30),
)


@given(records=st.lists(st.fixed_dictionaries({"a": scalars, "b": scalars}), min_size=1, max_size=20))
def test_any_records_are_read_back(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps(records, indent=1), encoding="utf-8")
    (table,) = read(path).tables
    wanted = [
        {
            name: None if isinstance(value, str) and not value.strip() else value
            for name, value in record.items()
        }
        for record in records
    ]
    assert [record for _number, record in rows(table)] == wanted


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "empty"),
        ("[1, 2]", "Entry 1"),
        ('[{"a": 1}, 2]', "Entry 2"),
        ('[{"a": 1},', "cut off in record 2"),
        ('[{"a": 1}, {"a": ', "cut off in record 2"),
        ('[{"a": 1}] nonsense', "follows the end"),
        ('[{"a": 1}{"a": 2}]', "after record 1"),
        ('{"resultMsg": "SERVICE KEY IS NOT REGISTERED"}', "no list of records"),
        ('{"a": [1, 2, 3]}', "no list of records"),
        ('{"a": ', "cut off in line 1"),
        ('[{"a": NaN}]', "not a number"),
        ('[{"a": 1, "a": 2}]', "twice"),
        ('[{"a": 1e999999}]', "out of range"),
        ('{"a": 1}\n{"a": 1\n', "line 2"),
    ],
)
def test_broken_json_says_where(tables, content, message):
    with pytest.raises(UnreadableFile, match=message):
        [rows(table) for table in tables(content)]


XML = """<?xml version="1.0" encoding="{encoding}"?>
<response><header><code>00</code></header><body><items>
  <item id="1"><corp_name>한빛 &amp; 두리</corp_name><tag>가</tag><tag>나</tag></item>
  <item id="2"><corp_name><![CDATA[세모]]></corp_name><modify><at>20240305</at></modify></item>
</items></body></response>"""


@pytest.mark.parametrize(
    ("encoding", "declared"), [("utf-8", "UTF-8"), ("cp949", "euc-kr"), ("utf-8-sig", "utf-8")]
)
def test_repeated_elements_are_records(tables, encoding, declared):
    (table,) = tables(XML.format(encoding=declared), encoding)
    assert table.kind == "xml"
    assert rows(table) == [
        (1, {"id": "1", "corp_name": "한빛 & 두리", "tag": "가\n나", "modify / at": None}),
        (2, {"id": "2", "corp_name": "세모", "tag": None, "modify / at": "20240305"}),
    ]
    assert "response/body/items/item" in [note.place for note in table.notes]


def test_a_single_record_is_a_record(tables):
    (table,) = tables("<result><list><code>1</code><name>가</name></list></result>")
    assert rows(table) == [(1, {"code": "1", "name": "가"})]


def test_limits_hold_for_records(tables):
    with pytest.raises(UnreadableFile, match="rows"):
        tables(RECORDS, limits=Limits(rows=1))
    with pytest.raises(UnreadableFile, match="columns"):
        tables(RECORDS, limits=Limits(columns=1))
