"""A portal on loopback that replays payloads in the shape of the real ones."""

import json
from collections.abc import Callable
from typing import Any

from tests.loopback import Asked, Reply

KEY = "abc+/def=="


def notice(number: int, **given) -> dict[str, Any]:
    """An entry as the open API of K-Startup gives it."""
    return {
        "pbanc_sn": number,
        "biz_pbanc_nm": f"[서울] {number}번 창업기업 모집 &apos;공고&apos; ",
        "pbanc_ctnt": f"<p>{number}번 사업입니다.</p>",
        "supt_biz_clsfc": "사업화",
        "aply_trgt_ctnt": "예비창업자",
        "supt_regin": "전국",
        "detl_pg_url": f"https://www.k-startup.example/notice?id={number}",
        "pbanc_rcpt_bgng_dt": "20261101",
        "pbanc_rcpt_end_dt": "20261231",
        "rcrt_prgs_yn": "Y",
        **given,
    }


def bizinfo_notice(number: int, **given) -> dict[str, Any]:
    return {
        "pblancId": f"PBLN_{number:015d}",
        "pblancNm": f"{number}번 지원사업 공고",
        "bsnsSumryCn": "<p>돕는 사업</p>",
        "trgetNm": "중소기업",
        "pldirSportRealmLclasCodeNm": "금융",
        "reqstBeginEndDe": "20261101 ~ 20261231",
        "pblancUrl": f"https://www.bizinfo.example/{number}",
        **given,
    }


def as_json(document: Any) -> Reply:
    return Reply(
        json.dumps(document, ensure_ascii=False).encode(), headers={"Content-Type": "application/json"}
    )


def page_of(entries: list[dict], asked: Asked) -> Reply:
    """The page that was asked for, of the list as it stands."""
    page, size = int(asked.query["page"]), int(asked.query["perPage"])
    data = entries[(page - 1) * size : page * size]
    counts = {"matchCount": len(entries), "totalCount": 28_000}
    return as_json({"currentCount": len(data), "data": data, "page": page, "perPage": size, **counts})


def listing(entries: list[dict]) -> Callable[[Asked], Reply]:
    return lambda asked: page_of(entries, asked)


def in_turn(*replies: Reply | Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
    """One answer after the other; the last one again and again."""
    left = list(replies)

    def answer(asked: Asked) -> Reply:
        reply = left.pop(0) if len(left) > 1 else left[0]
        return reply(asked) if callable(reply) else reply

    return answer
