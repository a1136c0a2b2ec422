"""The lines that `csv` makes rows of, within bounds: a quote left open would take the rest of the file for one cell."""

import csv
from collections.abc import Iterator

MOST_CHARACTERS = 1_000_000
MOST_LINES = 200


class Lines:
    """The lines of a text, remembering those of the present row; `csv.Error` where a row takes too many."""

    def __init__(self, file: Iterator[str]) -> None:
        self.file = file
        self.taken: list[str] = []
        self.returned: list[str] = []
        self._characters = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self.returned.pop() if self.returned else next(self.file)
        self.taken.append(line)
        self._characters += len(line)
        if len(self.taken) > 1 and (len(self.taken) > MOST_LINES or self._characters > MOST_CHARACTERS):
            raise csv.Error
        return line

    def begin(self) -> None:
        """A new row begins."""
        self.taken.clear()
        self._characters = 0

    def give_back(self) -> None:
        """Lets the lines behind the first one of the present row be read once more, as rows of their own."""
        self.returned += self.taken[:0:-1]
