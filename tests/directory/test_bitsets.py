"""Bitsets count and cut as plain lists would."""

from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.directory.bitsets import Index, after, bitset, places

numbers = st.sets(st.integers(0, 300))


@settings(max_examples=40, deadline=None)
@given(numbers)
def test_places_are_what_was_set(chosen):
    bits = bitset(chosen, 301)
    assert list(places(bits)) == sorted(chosen)
    for number in range(len(chosen) + 1):
        assert [one for one in sorted(chosen) if one >= after(bits, number)] == sorted(chosen)[number:]


rows = st.lists(st.integers(1, 60), unique=True, max_size=40)
tagged = st.lists(st.tuples(st.integers(1, 60), st.sampled_from("abc")), max_size=80)


@settings(max_examples=40, deadline=None)
@given(rows, tagged, st.integers(0, 45), st.integers(0, 45), st.data())
def test_an_index_is_its_rows_and_tags(keys, tags, start, length, data):
    def check(index, keys):
        having = {tag: [key for key in keys if (key, tag) in tags] for tag in "abc"}
        assert list(index.keys) == keys
        for tag, expected in having.items():
            bits = index.any_of([tag])
            assert bits.bit_count() == len(expected)
            assert index.cut(bits, start, start + length) == expected[start : start + length]
        assert index.cut(index.everything, start, start + length) == keys[start : start + length]
        assert index.cut(index.rows(keys[::2]), 0, 99) == keys[::2]

    index = Index.of(keys, tags)
    check(index, keys)
    turned = data.draw(st.permutations(keys))
    check(index.reordered(turned), turned)
    gone = set(keys[::3])
    left = [key for key in keys if key not in gone]
    index = index.without({*gone, 99})
    check(index, left)
    for key in gone:
        place = data.draw(st.integers(0, len(left)))
        index = index.with_row(key, place, {tag for known, tag in tags if known == key})
        left.insert(place, key)
        check(index, left)
