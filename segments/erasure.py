"""What goes with a contact, and what is of the account."""

from contacts.erasure import personal_data


def register_tables() -> None:
    """Not the queue of changes, whose rows are numbers that are gone within seconds."""
    for label in ("Membership", "Behaviour"):
        personal_data.goes_with_contact(f"segments.{label}")
    personal_data.stays("segments.Segment", because="It is of the account: what staff ask for.")
