"""What a file is, recognised from files as people bring them."""

import codecs
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity.transfers import Refused
from contacts.imports import formats
from contacts.imports.formats import (
    DELIMITERS,
    ENCODINGS,
    QUOTES,
    Format,
    detect,
    refuse_unreadable,
    sample_rows,
    survey,
)

UKRAINIAN = (
    "Ім'я,Прізвище,Електронна пошта,Місто\n"
    "Олександр,Шевченко,oleksandr@example.com,Київ\n"
    "Наталія,Ґудзь,nataliia@example.com,Львів\n"
    "Євген,Їжакевич,yevhen@example.com,Чернівці\n"
    "Марія,Коваленко,mariia@example.com,Одеса\n"
)
RUSSIAN = (
    "Имя,Фамилия,Почта,Город\n"
    "Александр,Смирнов,alexander@example.com,Рига\n"
    "Наталья,Ёлкина,natalia@example.com,Нарва\n"
    "Пётр,Журавлёв,piotr@example.com,Алматы\n"
    "Юлия,Щукина,yulia@example.com,Вильнюс\n"
)
WESTERN = (
    "Prénom,Nom,Courriel,Ville\n"
    "François,Lefèvre,francois@example.com,Besançon\n"
    "Zoé,Müller,zoe@example.com,Köln\n"
    "José,Muñoz,jose@example.com,Málaga\n"
    "Håkan,Sjögren,hakan@example.com,Malmö\n"
)
PLAIN = "first,last,email,city\n" + "Olga,Petrenko,olga@example.com,Kyiv\n" * 4
# One foreign word in a long plain file is all there is to go by.
SPARSE = PLAIN * 100 + "Вікторія,Їжакевич,v@example.com,Чернівці\n"


def found(path: Path, content: bytes) -> Format:
    path.write_bytes(content)
    seen = survey(path)
    refuse_unreadable(seen)
    return detect(path, seen)


def refusal(path: Path, content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        found(path, content)
    return str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "upload"


class TestEncoding:
    @pytest.mark.parametrize(
        ("text", "written", "recognised"),
        [
            (UKRAINIAN, "utf-8", "utf-8-sig"),
            (UKRAINIAN, "utf-8-sig", "utf-8-sig"),
            (UKRAINIAN, "utf-16", "utf-16"),
            (UKRAINIAN, "utf-16-le", "utf-16-le"),
            (UKRAINIAN, "utf-16-be", "utf-16-be"),
            (UKRAINIAN, "cp1251", "cp1251"),
            (UKRAINIAN, "koi8-u", "koi8-u"),
            (RUSSIAN, "cp1251", "cp1251"),
            (RUSSIAN, "koi8-r", "koi8-u"),
            (RUSSIAN, "utf-8", "utf-8-sig"),
            (WESTERN, "cp1252", "cp1252"),
            (WESTERN, "utf-8", "utf-8-sig"),
            (WESTERN, "utf-16-le", "utf-16-le"),
            (PLAIN, "ascii", "utf-8-sig"),
            (PLAIN, "utf-16-be", "utf-16-be"),
            (SPARSE, "cp1251", "cp1251"),
            (SPARSE, "koi8-u", "koi8-u"),
            (SPARSE, "utf-8", "utf-8-sig"),
        ],
    )
    @pytest.mark.parametrize("copies", [1, 30])
    def test_is_recognised(self, text: str, written: str, recognised: str, copies: int, path: Path) -> None:
        header, _end, rows = text.partition("\n")
        text = f"{header}\n{rows * copies}"
        form = found(path, text.encode(written))
        assert form.encoding == recognised
        assert sample_rows(path, form, 2) == [line.split(",") for line in text.splitlines()[:2]]

    def test_is_recognised_by_its_mark(self, path: Path) -> None:
        for mark, encoding in ((codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le")):
            form = found(path, mark + UKRAINIAN.encode(encoding))
            assert form.encoding == "utf-16"
            assert sample_rows(path, form, 1)[0][0] == "Ім'я"

    def test_a_few_damaged_lines_do_not_make_it_another(self, path: Path) -> None:
        damaged = UKRAINIAN.encode() * 20 + b"\xd0,\xff,x@example.com,y\n" * 3
        form = found(path, damaged)
        assert form.encoding == "utf-8-sig"
        assert sample_rows(path, form, 500)[-1] == ["�", "�", "x@example.com", "y"]

    def test_a_character_on_the_edge_of_a_block_is_no_damage(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for block in (7, 8, 9):
            monkeypatch.setattr(formats, "_BLOCK", block)
            path.write_bytes(UKRAINIAN.encode())
            assert survey(path).is_utf8

    def test_a_file_that_is_utf8_for_long_and_then_is_not(self, path: Path) -> None:
        path.write_bytes(PLAIN.encode() * 100_000 + "Їжакевич,Наталія,n@example.com,Київ\n".encode("cp1251"))
        assert not survey(path).is_utf8


class TestDelimiter:
    @pytest.mark.parametrize("delimiter", DELIMITERS)
    @pytest.mark.parametrize("text", [UKRAINIAN, WESTERN, PLAIN])
    def test_is_recognised(self, delimiter: str, text: str, path: Path) -> None:
        form = found(path, text.replace(",", delimiter).encode())
        assert (form.delimiter, form.header) == (delimiter, True)

    @pytest.mark.parametrize(
        ("text", "delimiter", "quote"),
        [
            ("email;sum\na@example.com;1,5\nb@example.com;2,75\n", ";", '"'),
            ('email,tags\na@example.com,"a;b;c"\nb@example.com,"d;e;f"\n', ",", '"'),
            ('email\tname\na@example.com\t"Petrenko, Olga"\n', "\t", '"'),
            ("email,name\na@example.com,O'Brien\nb@example.com,D'Arc\n", ",", '"'),
            ("'email','name'\n'a@example.com','O''Brien, Jr'\n", ",", "'"),
            ('"email";"note"\n"a@example.com";"first line\nsecond, line"\n', ";", '"'),
            ("email\na@example.com\nb@example.com\n", ",", '"'),
            ("email,name\r\na@example.com,A\r\n", ",", '"'),
            ("email|name\ra@example.com|A\r", "|", '"'),
        ],
    )
    def test_and_quotes_where_cells_hold_other_ones(self, text: str, delimiter: str, quote: str, path: Path) -> None:
        form = found(path, text.encode())
        assert (form.delimiter, form.quote) == (delimiter, quote)

    def test_of_a_file_with_one_monstrous_cell(self, path: Path) -> None:
        form = found(path, b'email;note\na@example.com;"' + b"x" * 10_000_000 + b'"\nb@example.com;short\n')
        assert form.delimiter == ";"
        assert sample_rows(path, form) == [["email", "note"], ["b@example.com", "short"]]


class TestHeader:
    @pytest.mark.parametrize(
        "row",
        [
            "email,name",
            "E-mail Address,First Name",
            "Пошта,Ім'я",
            "Prénom,Nom",
            "anything,something",
            "id,2026",
            "email,",
        ],
    )
    def test_a_row_of_names_is_one(self, row: str, path: Path) -> None:
        assert found(path, f"{row}\na@example.com,Olga\n".encode()).header

    @pytest.mark.parametrize(
        "row",
        [
            "olga@example.com,Olga",
            "Olga,+38 067 123-45-67",
            "Olga,2026-11-22",
            "Olga,22.11.1990",
            "Olga,0671234567",
            "Olga,",
            "Olga,Olga",
        ],
    )
    def test_a_row_of_values_is_none(self, row: str, path: Path) -> None:
        assert not found(path, f"{row}\nIvan,x\n".encode()).header

    def test_blank_lines_may_stand_before_it(self, path: Path) -> None:
        form = found(path, b"\n\n,\nemail,name\na@example.com,Olga\n")
        assert form.header
        assert sample_rows(path, form, 1) == [["email", "name"]]


class TestRefusal:
    @pytest.mark.parametrize(
        "content",
        [b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \t\r\n \n", b"\0\0\0\0\0\0", b"\xff\xfe\r\0\n\0"],
        ids=["nothing", "mark", "mark of UTF-16", "blanks", "zeros", "blank UTF-16"],
    )
    def test_of_an_empty_file(self, content: bytes, path: Path) -> None:
        assert refusal(path, content) == "The file is empty."

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "an old Excel (.xls); save it as .xlsx or CSV"),
            (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "a gzip archive; unpack it first"),
            (b"Rar!\x1a\x07\x01\0", "a RAR archive; unpack it first"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
            (b"GIF89a\x01\0\x01\0", "a picture"),
        ],
    )
    def test_of_another_kind_of_file_names_it(self, content: bytes, kind: str, path: Path) -> None:
        assert kind in refusal(path, content)

    def test_of_a_workbook_with_a_password_says_what_to_do(self, path: Path) -> None:
        """Excel packs it into the container of its old format."""
        container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")
        assert "protected with a password" in refusal(path, container)

    def test_of_a_binary_file(self, path: Path) -> None:
        for content in (bytes(range(256)) * 20, random.Random(1).randbytes(5000), b"7z\xbc\xaf\x27\x1c" + bytes(500)):
            assert "binary" in refusal(path, content)

    def test_of_one_endless_line(self, path: Path) -> None:
        assert "longer than 16 MB" in refusal(path, b"x," * 10_000_000)

    def test_no_file_is_an_error_of_ours(self, path: Path) -> None:
        """Whatever it holds, it is refused with words or has a format in which it can be read."""

        @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
        @given(st.one_of(st.binary(max_size=400), st.text(alphabet="ab\",;|\t'\n\r\0є ", max_size=200).map(str.encode)))
        def check(content: bytes) -> None:
            path.write_bytes(content)
            try:
                form = found(path, content)
            except Refused:
                return
            assert (form.encoding in ENCODINGS, form.delimiter in DELIMITERS, form.quote in QUOTES) == (True,) * 3
            sample_rows(path, form)

        check()


def test_a_survey_counts_lines_however_they_end(path: Path) -> None:
    for content, lines in ((b"a\nb\nc", 3), (b"a\r\nb\r\n", 2), (b"a\rb\r", 2), (b"a", 1), (b"", 0)):
        path.write_bytes(content)
        assert survey(path).lines == lines


def test_a_sample_shows_long_cells_cut_and_foreign_bytes_marked(path: Path) -> None:
    path.write_bytes("email,Київ\n".encode("cp1251") + b"x" * 9000 + b",y\n")
    header, row = sample_rows(path, Format())
    assert "�" in header[1]
    assert row == ["x" * 500, "y"]
    assert sample_rows(path, Format(), 1) == [header]


def test_a_format_is_kept_as_json_and_comes_back() -> None:
    form = Format("cp1251", ";", "'", header=False)
    assert Format.load(form.dump()) == form
