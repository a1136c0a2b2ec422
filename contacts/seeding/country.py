"""What it takes to make up people of a country."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

# A prime, so that its multiples visit every number of a country once; large, so that neighbours are far apart.
_STEP = 2_654_435_761


class Name(NamedTuple):
    """A name as its owner writes it, and as it stands in an email address: `Олена`, `olena`."""

    written: str
    latin: str


@dataclass(frozen=True, kw_only=True)
class Country:
    """How people are called there, where they live and which mobile numbers they have.

    Names are separated by spaces, the commonest first, in the script of `language`. What stands after a colon is their
    Latin spelling, where that does not follow from `letters` and, for the first letter of a name, from `initials`.
    """

    share: int  # of a hundred contacts
    language: str
    women: str
    men: str
    families: str
    places: Mapping[str, str]  # IANA time zone → its cities, separated by commas
    calling_code: str
    mobiles: str  # what mobile numbers begin with, after the calling code
    free_digits: int  # how many digits follow that
    feminine: Mapping[str, str] = field(default_factory=dict)  # endings of family names → those that women have
    letters: Mapping[str, str] = field(default_factory=dict)
    initials: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def given_names(self) -> tuple[list[Name], list[Name]]:
        """Those of men, and those of women."""
        return self._names(self.men), self._names(self.women)

    @cached_property
    def family_names(self) -> tuple[list[Name], list[Name]]:
        """Those of men, and those of women."""
        return self._names(self.families), self._names(" ".join(map(self._feminine, self.families.split())))

    @cached_property
    def homes(self) -> list[tuple[str, str]]:
        """Each city with its time zone."""
        return [(city, zone) for zone, cities in self.places.items() for city in cities.split(", ")]

    def phone(self, number: int) -> str:
        """One of the country's mobile numbers (E.164), no two the same until `number` has passed all that exist."""
        prefixes, block = self._prefixes, self._block
        prefix, rest = divmod(number * _STEP % (len(prefixes) * block), block)
        return f"+{self.calling_code}{prefixes[prefix]}{rest:0{self.free_digits}}"

    @cached_property
    def _prefixes(self) -> list[str]:
        return self.mobiles.split()

    @cached_property
    def _block(self) -> int:
        """How many numbers begin alike."""
        return int(10**self.free_digits)

    def _names(self, names: str) -> list[Name]:
        halves = (name.partition(":") for name in names.split())
        return [Name(written, latin or self._latin(written)) for written, _colon, latin in halves]

    def _feminine(self, family: str) -> str:
        for ending, other in self.feminine.items():
            if family.endswith(ending):
                return family.removesuffix(ending) + other
        return family

    def _latin(self, name: str) -> str:
        lower = name.lower()
        initial = self.initials.get(lower[0], lower[0])
        spelt = "".join(self.letters.get(letter, letter) for letter in initial + lower[1:])
        # Leaves out accents, apostrophes and soft signs.
        return unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
