"""Files as people import them."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

PEOPLE_HEADER = ("userId", "email", "phoneNumber", "firstName", "lastName", "birthday", "language", "city")
# Every so many rows one has an email, or a phone number, that is none.
BAD_EMAIL_EVERY = 400
BAD_PHONE_EVERY = 1_000


def people(count: int) -> list[tuple[str, ...]]:
    """As many customers of Kyiv, some of whom have an email or a phone number that nobody could use."""
    return [
        (
            f"C-{number:06}",
            "nobody at home" if number % BAD_EMAIL_EVERY == 7 else f"person{number}@example.com",
            "12" if number % BAD_PHONE_EVERY == 11 else f"+38050{number:07}",
            "Олена",
            f"Шевченко {number:06}",
            f"1990-04-{number % 28 + 1:02}",
            "uk",
            "Київ",
        )
        for number in range(1, count + 1)
    ]


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def write_xlsx(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Path:
    """A workbook; texts stay texts in it, numbers numbers."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return path
