"""What colleagues have noted about the demo account's contact with everything."""

import datetime

from contacts.models import Contact
from contacts.seeding.demo import EVERYTHING
from notes.models import Note
from notes.text import characters

# Age, author, text; the oldest first.
_NOTES = (
    (
        datetime.timedelta(hours=6),
        "Marta Levchenko",
        "Met at the spring fair, stand 12. Buys for the whole family 👨‍👩‍👧‍👦, boots above all.",
    ),
    (
        datetime.timedelta(hours=4),
        "Andrii Shevchuk",
        "Boots from order 1893 came in size 38 instead of 39. Exchange agreed, courier on Thursday:\n"
        "https://shop.example.com/returns/1893\n"
        "Please send no offers for boots until they have arrived.",
    ),
    (
        datetime.timedelta(hours=1),
        "Marta Levchenko",
        "Олена просить дзвонити лише після 18:00.\nBest by Viber, never in the morning.",
    ),
)


def add_demo_notes(now: datetime.datetime) -> None:
    contact = Contact.objects.get(user_id=EVERYTHING)
    Note.objects.bulk_create(
        Note(
            contact=contact,
            slot=slot,
            text=text,
            characters=characters(text),
            author_name=author,
            created_at=now - age,
        )
        for slot, (age, author, text) in enumerate(_NOTES, start=1)
    )
