"""Company names: kept as given, matched by a normalized key, parted from the words for a branch."""

import re
import unicodedata

from django.utils.translation import gettext as _

from .converting.problems import Unconvertible, shown

# Legal forms in words, longest first so that no form is taken for part of another.
_KOREAN_FORMS = (
    "농업회사법인주식회사 농업회사법인유한회사 어업회사법인주식회사 농업회사법인 어업회사법인 영농조합법인 영어조합법인"
    " 사회적협동조합연합회 사회적협동조합 협동조합연합회 협동조합 유한책임회사 주식회사 유한회사 합자회사 합명회사"
    " 사회복지법인 특수법인 의료법인 학교법인 사단법인 재단법인 종교법인 법무법인 세무법인 회계법인 특허법인"
)
_WHOLE_FORMS = "|".join(sorted(_KOREAN_FORMS.split(), key=len, reverse=True))
# Forms shortened in brackets; NFKC has turned ㈜ and （주） into (주) before.
_SHORT_FORMS = "주|유|사|재|합|의|학|복|농|영|어|협|유한|합자|합명|자|조합|사협|농업|학교|의료|사단|재단|주식"
_BRACKETED = re.compile(rf"[(\[]\s*(?:{_SHORT_FORMS}|{_WHOLE_FORMS})\s*[)\]]")
_HALF_BRACKETED = re.compile(r"^\s*주\)|\(주\s*$|(?<=\s)주\)\s*$")
_AT_AN_END = re.compile(rf"^(?:{_WHOLE_FORMS})|(?:{_WHOLE_FORMS})$")
_INSIDE = re.compile(rf"(?:^|(?<=[\s,])|(?<=[A-Za-z0-9]))(?:{_WHOLE_FORMS})(?=[\s,(]|$)")
_STRONG = (
    r"(?:co|company|corporation|corp)[\s.,]*(?:ltd|limited|inc|llc)"
    r"|corporation|corp|incorporated|inc|limited|ltd|llc|l\.l\.c|llp|plc|p\.l\.c|gmbh|pte|pty"
)
_WEAK = r"co|company|ag|s\.a"  # these may be part of a name, so only at its end
_ENGLISH_FORMS = re.compile(rf"(?:[\s,.]+|(?<=\)))(?:{_STRONG})\.?(?=[\s,.)(]|$)[\s,.]*", re.I)
_ENGLISH_END = re.compile(rf"(?:[\s,.]+|(?<=\)))(?:and\s+|&\s*)?(?:{_WEAK})[\s,.]*$", re.I)
_ENGLISH_ALONE = re.compile(rf"(?:(?:{_STRONG}|{_WEAK})[\s,.]*)+", re.I)
# Written onto the name: ABCCo.,Ltd
_ENGLISH_JOINED = re.compile(r"(?<=[a-z0-9가-힣])(?:co[.,]+\s*ltd|inc\.)\.?\s*$", re.I)

PLACES = (
    "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주|수원|성남|용인|화성|평택"
    "|안산|안양|천안|아산|청주|구미|창원|김해|포항|전주|익산|군산|목포|여수|순천|광양|원주|춘천|강릉|판교|강남|마곡"
    "|동탄|송도|구로|가산|오창|오송|당진|음성|진천|시화|반월|남동|양산"
)
_NUMBERED = r"(?:제\s*[0-9]{1,2}|[0-9]{1,2})\s*"
_SITES = "공장|지점|지사|사무소|영업소|영업점|출장소|사업장|사업소|물류센터|직영점"
_LABS = "연구소|연구원|연구센터|R&D\\s?센터|연구개발센터"
_KINDS_OF_LAB = rf"(?:{PLACES}|중앙|기술|부설|기업부설|종합|생산|응용|선행)"
_AFTER_GAP = rf"(?:(?:{PLACES})\s+)?(?:{_NUMBERED})?(?:[가-힣]{{0,8}}?(?:{_SITES})|{_KINDS_OF_LAB}{{0,3}}(?:{_LABS})|본사|본점|지부)"
# Set off by a space, a bracket or a legal form.
_BRANCH = re.compile(
    rf"(?P<name>.+?)(?:[\s,_-]+|\s*(?=[(\[])|(?<=[)㈜]))[(\[]?(?P<branch>{_AFTER_GAP}(?:\s*{_NUMBERED}(?:공장|호)?)?)[)\]]?"
)
# Written onto the name: only words no company is called by, with a place or number before them if any.
_BRANCH_JOINED = re.compile(
    rf"(?P<name>.+?)(?P<branch>(?:{PLACES})?(?:{_NUMBERED})?(?:공장|지점|지사|영업소|출장소|사무소|물류센터))"
)


def normalized_key(name: str) -> str:
    """What names of the same company have in common: no legal form, spaces, brackets, signs, width or case.

    Raises Unconvertible when nothing but a legal form is there. Equal keys suggest a match, never prove one.
    """
    bare = without_legal_form(name)
    key = "".join(character for character in bare.casefold() if character.isalnum() or character in "&+")
    if not key:
        raise Unconvertible(
            _("“%(name)s” is not a name.") % {"name": shown(name)}, _("Enter the name of the company.")
        )
    return key


def without_legal_form(name: str) -> str:
    """The name in ordinary width without legal forms, wherever they stand: ㈜카카오뱅크 is 카카오뱅크."""
    text = " ".join(unicodedata.normalize("NFKC", name.replace("ㆍ", "·")).split()).strip("* ")
    text = _HALF_BRACKETED.sub(" ", _BRACKETED.sub(" ", text)).strip()
    if _ENGLISH_ALONE.fullmatch(text):
        return ""
    before = None
    while before != text:
        before = text
        text = _INSIDE.sub(" ", _AT_AN_END.sub(" ", text)).strip(" ,*")
        text = _ENGLISH_FORMS.sub(" ", _ENGLISH_JOINED.sub("", text))
        text = _ENGLISH_END.sub("", text).strip(" ,*")
    return " ".join(text.split())


def split_branch(name: str) -> tuple[str, str]:
    """The company's name and the words for one of its places, "" where there are none.

    (주)한빛 동탄공장 is (주)한빛 and 동탄공장. A name that is nothing but such a word stays whole.
    """
    text = " ".join(unicodedata.normalize("NFC", name).split())
    for shape in (_BRANCH, _BRANCH_JOINED):
        if match := shape.fullmatch(text):
            company = match["name"].rstrip(" ,-_([")
            if _names_something(company):
                return company, " ".join(match["branch"].split())
    return text, ""


def _names_something(company: str) -> bool:
    bare = without_legal_form(company)
    return sum(character.isalnum() for character in bare) >= 2 and not re.fullmatch(PLACES, bare)
