"""Files of people, as an import gets them and as PostgreSQL's COPY does."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from bench.people import Person

HEADER = ("userId", "email", "phoneNumber", "firstName", "lastName", "birthday", "gender", "language", "city", "orders")
# Columns of the header that are no standard values, and the types of the variables they become.
VARIABLES = {"city": "string", "orders": "number"}

COPIED = (
    "contact_list_id, user_id, email, phone, first_name, last_name, birthday, gender, language, timezone, avatar_url"
    ", score, is_active, variables, added_at, added_via, updated_via, modified_at"
)


def cells(person: Person) -> list[str | int]:
    """A row as people write it: every third Ukrainian number as it is dialled at home."""
    written: list[str | int] = [*person]
    if person.phone.startswith("+380") and person.phone[-1] in "369":
        number = person.phone.removeprefix("+38")
        written[2] = f"{number[:3]} {number[3:6]} {number[6:8]} {number[8:]}"
    return written


def write_csv(path: Path, rows: Iterable[Iterable[str | int]]) -> None:
    """The header and the rows, for an import."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)


def write_lines(path: Path, people: Iterable[Person], *, list_id: int) -> None:
    """Lines of COPY's text format with the columns `COPIED`: the rows that an import of these people ends with."""
    with path.open("w", encoding="utf-8") as file:
        for person in people:
            variables = json.dumps({"city": person.city, "orders": person.orders}, ensure_ascii=False)
            values = "\t".join(map(str, person[:8]))
            file.write(f"{list_id}\t{values}\t\t\t0\tt\t{variables}\tnow\timport\t\tnow\n")
