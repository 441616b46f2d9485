"""The answer of the location finder as data: what the page shows, in its order, for JSON and CSV."""

from decimal import Decimal

from . import lists, words
from .answer import Answer, Part, Place
from .criteria import CRITERIA
from .robustness import Turn

COLUMNS = (
    "rank",
    "slug",
    "district",
    "points",
    "points_worst",
    "points_best",
    "can_be_first",
    "criterion",
    "label",
    "weight",
    "value",
    "value_most",
    "unit",
    "gap",
    "score_worst",
    "score_best",
    "given_points",
    "given_worst",
    "given_best",
    "formula",
    "counts",
    "gaps",
    "sources",
    "records",
)


def number(value: int | Decimal | None) -> int | float | None:
    if value is None or isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _sources(answer: Answer, part: Part, place: Place) -> list[str]:
    """The documents of a value that is one figure; counted records have theirs in the lists they lead to."""
    placed = answer.known.ground.rents[place.district.pk].placed if part.criterion.key == "rent" else None
    if placed is None:
        return []
    facts = [point.fact for point in (placed.point, *placed.otherwise) if point.fact is not None]
    return list(dict.fromkeys(s.url for fact in facts for s in fact.public_sources if s.url))


def _part(answer: Answer, part: Part, place: Place) -> dict:
    return {
        "criterion": part.criterion.key,
        "label": str(part.criterion.label),
        "weight": part.weight,
        "value": number(part.reading.least),
        "value_most": number(part.reading.most),
        "unit": str(part.unit),
        "gap": part.reading.gap,
        "score_worst": round(float(part.score.low), 4),
        "score_best": round(float(part.score.high), 4),
        "given_points": part.points,
        "given_worst": part.least_points,
        "given_best": part.most_points,
        "sources": _sources(answer, part, place),
        "records": [address for _words, address in lists.of(part, place, answer.question)],
    }


def _place(place: Place) -> dict:
    return {
        "rank": place.rank,
        "slug": place.district.slug,
        "district": str(place.district.short_name),
        "points": place.points,
        "points_worst": place.least_points,
        "points_best": place.most_points,
        "can_be_first": place.can_be_first,
    }


def _criteria() -> list[dict]:
    return [
        {
            "criterion": criterion.key,
            "label": str(criterion.label),
            "counts": str(criterion.counts),
            "direction": criterion.direction,
            "formula": criterion.scale.formula,
            "gaps": str(criterion.gaps),
        }
        for criterion in CRITERIA
    ]


def rows(answer: Answer) -> list[dict]:
    """One row for each district and criterion, as the table of the page has them."""
    notes = {entry["criterion"]: entry for entry in _criteria()}
    return [
        {**notes[part.criterion.key], **_place(place), **_part(answer, part, place)}
        for place in answer.places
        for part in place.parts
    ]


def document(answer: Answer) -> dict:
    question, said = answer.question, words.verdict(answer)

    def turn(one: Turn | None) -> dict | None:
        if one is None:
            return None
        return {"weight": round(float(one.weight), 4), "first": answer.districts[one.index].slug}

    return {
        "count": len(answer.places),
        "next": None,
        "question": {
            "who": question.role.value,
            "stage": question.stage.value,
            "technology": [field.slug for field in question.fields],
            "missing": question.missing.value,
            "weights": {c.key: weight for c, weight in zip(CRITERIA, question.weights, strict=True)},
        },
        "summary": [words.first_place(answer), words.why_first(answer)],
        "criteria": _criteria(),
        "robustness": {
            "verdict": said.word,
            "notes": [said.shares, said.gaps],
            "combinations": answer.firmness.combinations,
            "first_places": {
                answer.districts[index].slug: times for index, times in answer.firmness.firsts.items()
            },
            "turning_points": [
                {"criterion": c.key, "weight": weight, "below": turn(one.below), "above": turn(one.above)}
                for c, weight, one in zip(CRITERIA, question.weights, answer.turnings, strict=True)
            ],
        },
        "results": [
            {**_place(place), "parts": [_part(answer, part, place) for part in place.parts]}
            for place in answer.places
        ],
    }
