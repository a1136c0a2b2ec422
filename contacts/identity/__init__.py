"""Normal forms: how each value of a contact is compared and kept, whichever door it came through.

Every function takes what a person or a file wrote and returns the one normal value, or raises `Invalid` with a reason
for that person. A normal value is its own normal form: reading it again changes nothing. Nothing here touches the
database or the settings.
"""

from contacts.identity.dates import birthday, calendar_date
from contacts.identity.emails import email, email_for_people
from contacts.identity.errors import Invalid
from contacts.identity.genders import Gender, gender
from contacts.identity.languages import language, language_codes, language_name
from contacts.identity.links import avatar_url
from contacts.identity.names import name, user_id
from contacts.identity.phones import phone, phone_for_people
from contacts.identity.scalars import boolean, number, string
from contacts.identity.search import identifiers
from contacts.identity.zones import local_time, timezone, timezone_offset, zone_of

__all__ = [
    "Gender",
    "Invalid",
    "avatar_url",
    "birthday",
    "boolean",
    "calendar_date",
    "email",
    "email_for_people",
    "gender",
    "identifiers",
    "language",
    "language_codes",
    "language_name",
    "local_time",
    "name",
    "number",
    "phone",
    "phone_for_people",
    "string",
    "timezone",
    "timezone_offset",
    "user_id",
    "zone_of",
]
