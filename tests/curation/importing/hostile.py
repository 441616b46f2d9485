"""Writes a folder of files made to break a reader: bombs, traps, and the wrong thing under a table's name."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl

Writer = Callable[[Path], object]

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows or (["이름", "수"], ["가", 1]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_sheet(xml: str | bytes, name: str = SHEET) -> bytes:
    """A sound workbook with one part replaced."""
    content = xml.encode() if isinstance(xml, str) else xml
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for info in source.infolist():
            out.writestr(info.filename, content if info.filename == name else source.read(info.filename))
    return target.getvalue()


def with_strings(xml: str) -> bytes:
    """A workbook whose sheet takes its only text from a table of strings."""
    base = "http://schemas.openxmlformats.org"
    kind = f"{base}/officeDocument/2006/relationships"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        out.writestr(
            "xl/workbook.xml",
            f'<workbook><sheets><sheet name="a" r:id="r1" xmlns:r="{kind}"/></sheets></workbook>',
        )
        out.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{kind}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        out.writestr("xl/sharedStrings.xml", xml)
        out.writestr(SHEET, sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))
    return stream.getvalue()


def sheet(data: str, after: str = "") -> str:
    return f"<worksheet {NAMESPACE}><sheetData>{data}</sheetData>{after}</worksheet>"


def text_row(number: int, *cells: str) -> str:
    inner = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{inner}</row>'


def bomb(path: Path, megabytes: int, name: str = SHEET) -> None:
    """A workbook whose sheet unpacks to many megabytes of nothing."""
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
    ):
        for info in source.infolist():
            if info.filename != SHEET:
                out.writestr(info.filename, source.read(info.filename))
        with out.open(name, "w", force_zip64=True) as stream:
            for _again in range(megabytes):
                stream.write(b" " * 2**20)


def lying_archive(path: Path) -> None:
    """A member that unpacks to more than the directory says."""
    packed = zlib.compressobj(wbits=-15)
    data = packed.compress(b"a,b\n" * 2**20) + packed.flush()
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.csv", b"x" * len(data))
    content = bytearray(path.read_bytes())
    start = content.index(b"a.csv") + 5
    content[start : start + len(data)] = data
    directory = content.index(b"PK\1\2")
    for at, offset in ((8, 0), (10, directory)):
        content[offset + at : offset + at + 2] = struct.pack("<H", 8)
    path.write_bytes(content)


def archive(*members: tuple[str, bytes]) -> Writer:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as out:
            for name, content in members:
                out.writestr(name, content)

    return write


def encrypted_archive(path: Path) -> None:
    archive(("a.csv", b"a,b\n1,2\n"))(path)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(content)


def ole(*names: str) -> bytes:
    return OLE + b"\0" * 504 + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)


def long_line(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write("이름,수\n".encode())
        for _again in range(100):
            stream.write(b"a" * 10**6)


def laughs(levels: int = 12) -> str:
    entities = '<!ENTITY a0 "하하">' + "".join(
        f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, levels)
    )
    return f"<!DOCTYPE r [{entities}]><r><i><a>&a{levels - 1};</a></i><i><a>1</a></i></r>"


MIXED = "이름,주소\n한빛,서울특별시\n".encode() + "두리,부산광역시\n".encode("cp949")
PAGE = "<!DOCTYPE html><html><head><title>오류</title></head><body>접속이 지연됩니다.</body></html>"

# Name of the file, its content or its writer, and words of the refusal.
FILES: list[tuple[str, bytes | str | Writer, str]] = [
    ("empty.csv", b"", "empty"),
    ("blank.csv", b" \r\n\t\n", "empty"),
    ("long_line.csv", long_line, "Line 2 is longer"),
    ("nul.csv", b"a,b\n1,\x002\n", r"Line 2 holds a NUL byte \(at byte 6\)"),
    ("utf16_without_mark.csv", "이름,수\n가,1\n".encode("utf-16-le"), "NUL byte"),
    ("utf32.csv", "이름,수\n가,1\n".encode("utf-32"), "UTF-32"),
    ("mixed.csv", MIXED, r"line 3 \(byte 37\)"),
    (
        "mixed_the_other_way.csv",
        "이름,주소\n두리,부산\n".encode("cp949") + "한빛,서울특별시\n".encode(),
        "mixed",
    ),
    ("cut_in_a_character.csv", "이름,수\n가,나다".encode()[:-1], "middle of a character|mixed"),
    ("surrogates.csv", "a,b\n\ud800,1\n".encode("utf-8", "surrogatepass"), r"line 2 \(byte 4\)"),
    ("open_quote.csv", 'a,b\n1,2\n"3,4\n' + "5,6\n" * 100_000, "row 3 is never closed"),
    ("long_cell.csv", "a,b\n1," + "가" * 120_000 + "\n", "B2 holds 120,000 characters"),
    (
        "many_columns.csv",
        ",".join(f"c{at}" for at in range(3000)) + "\n" + "," * 2999 + "\n",
        "3,000 columns",
    ),
    ("prose.txt", "옛날 옛적에 한 사람이 살았다.\n그는 아무것도 몰랐다.\n", "running text"),
    ("tags.yaml", "!!python/object/apply:os.system ['true']\n", "YAML"),
    ("yaml.csv", "---\nname: x\nitems: [1, 2]\n", "YAML"),
    ("yaml_without_marks.csv", "name: x\nitems:\n- 1\n- 2\n", "YAML"),
    ("page.xlsx", PAGE, "HTML page, not a table: “오류”"),
    ("page.csv", "\n\n  <script>location='/'</script>", "HTML page"),
    ("spans.xls", "<table><tr><td colspan=99999>a<td>b</table>", "columns"),
    ("tall.html", "<table>" + "<tr><td rowspan=65534>a<td>b" * 3 + "</table>" + "<" * 10**6, None),
    ("deep.html", "<table><tr><td>" * 5000, "nested"),
    ("unclosed_comment.html", "<table><tr><td>" + "<!--" * 10**6, "HTML page"),
    ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "picture"),
    ("document.csv", b"%PDF-1.7\n", "PDF"),
    ("document.xls", ole("Root Entry", "FileHeader", "\5HwpSummaryInformation"), "HWP"),
    ("word.xls", ole("Root Entry", "WordDocument"), "Word document"),
    ("locked.xlsx", ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "encrypted workbook"),
    ("hollow.xls", ole("Root Entry", "Workbook"), "truncated or damaged XLS"),
    ("program.csv", b"\x7fELF\2\1\1" + b"\0" * 50, "program"),
    ("packed.csv", b"\x1f\x8b\x08" + b"\0" * 50, "GZIP"),
    ("pickle.csv", b"\x80\x04\x95\x1b\0\0\0\0\0\0\0\x8c\5posix", "pickle"),
    ("truncated.xlsx", workbook()[:-700], "truncated or damaged XLSX"),
    ("bomb.xlsx", lambda path: bomb(path, 596), "decompression bomb"),
    ("bomb_of_strings.zip", lambda path: bomb(path, 400, "a.csv"), "bomb|too large"),
    ("lying.zip", lying_archive, "truncated or damaged"),
    ("traversal.zip", archive(("../../a.csv", b"a,b\n1,2\n")), "leads outside"),
    ("backslashes.zip", archive(("..\\a.csv", b"a,b\n1,2\n")), "leads outside"),
    ("nested.zip", lambda path: archive(("a.zip", b"PK\5\6" + b"\0" * 18))(path), "within an archive"),
    ("crowded.zip", archive(*((f"{at}.csv", b"") for at in range(1200))), "more than 1,000 files"),
    ("locked.zip", encrypted_archive, "encrypted"),
    (
        "entities.xlsx",
        with_sheet("<!DOCTYPE x [<!ENTITY a 'b'>]>" + sheet(text_row(1, "&a;"))),
        "document type",
    ),
    (
        "entities_in_strings.xlsx",
        with_strings("<!DOCTYPE x><sst/>"),
        "document type",
    ),
    ("rows_backwards.xlsx", with_sheet(sheet(text_row(5, "a", "b") + text_row(2, "c", "d"))), "not in order"),
    ("far_row.xlsx", with_sheet(sheet('<row r="99999999999"><c><v>1</v></c></row>')), "not in order"),
    ("far_column.xlsx", with_sheet(sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')), "16,384 columns"),
    (
        "no_such_string.xlsx",
        with_sheet(sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')),
        "A1 is damaged",
    ),
    ("broken_sheet.xlsx", with_sheet("<worksheet><sheetData><row>"), "too early"),
    (
        "merged_everywhere.xlsx",
        with_sheet(
            sheet(
                text_row(1, "이름", "수") + text_row(2, "가", "나"),
                "<mergeCells>"
                + "".join(f'<mergeCell ref="A{at}:XFD1048576"/>' for at in range(2, 30_000))
                + "</mergeCells>",
            )
        ),
        "merged cells",
    ),
    ("laughs.xml", laughs(), "document type"),
    (
        "outside.xml",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><i><a>&x;</a></i></r>',
        "document type",
    ),
    ("deep.xml", "<a>" * 100_000, "nested more than"),
    ("endless_tag.xml", lambda path: path.write_bytes(b"<r><i a='" + b"x" * 30_000_000), "never ends"),
    (
        "kinds.xml",
        "<r>" + "".join(f"<e{at}><x/></e{at}>" for at in range(9000)) + "</r>",
        "kinds of elements",
    ),
    (
        "excel_2003.xls",
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "Excel 2003",
    ),
    ("picture.xml", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "picture"),
    ("deep.json", "[" * 100_000, "not a record"),
    ("deep_record.json", '[{"a": ' + "[" * 100_000 + "]" * 100_000 + "}]", "nested too deep"),
    ("deep_object.json", '{"a": ' * 100_000, "nested too deep|cut off"),
    ("half_a_character.json", '[{"a": "\\ud800"}]', "half of a character"),
    ("nul.json", '[{"a": "x\\u0000"}]', "NUL character"),
    ("endless_number.json", '[{"a": ' + "9" * 5000 + "}]", "out of range"),
    ("long_record.json", '[{"a": "' + "x" * 3_000_000 + '"}]', "too long|characters"),
    ("names.json", json.dumps([{f"n{at}": 1 for at in range(2000)}]), "2,000 columns"),
    ("broken_name.json", '[{"\\u0000\\ud800": 1}]', "name no column can have"),
]


def write(folder: Path) -> dict[str, str]:
    """All of them; the words of each refusal by name."""
    for name, content, _words in FILES:
        path = folder / name
        if callable(content):
            content(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return {name: words for name, _content, words in FILES}
