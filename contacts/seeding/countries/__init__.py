"""Where the made-up people live: one file a language, a hundred shares in all."""

from contacts.seeding.countries.arabic import EGYPT
from contacts.seeding.countries.english import UNITED_KINGDOM, UNITED_STATES
from contacts.seeding.countries.georgian import GEORGIA
from contacts.seeding.countries.german import GERMANY
from contacts.seeding.countries.hebrew import ISRAEL
from contacts.seeding.countries.hindi import INDIA
from contacts.seeding.countries.japanese import JAPAN
from contacts.seeding.countries.polish import POLAND
from contacts.seeding.countries.spanish import SPAIN
from contacts.seeding.countries.turkish import TURKEY
from contacts.seeding.countries.ukrainian import UKRAINE

COUNTRIES = (
    UKRAINE,
    POLAND,
    UNITED_STATES,
    GERMANY,
    UNITED_KINGDOM,
    SPAIN,
    TURKEY,
    ISRAEL,
    EGYPT,
    GEORGIA,
    INDIA,
    JAPAN,
)
