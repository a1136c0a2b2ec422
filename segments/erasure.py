"""What goes with a contact, and what is of the account."""

from contacts.erasure import personal_data


def register_tables() -> None:
    for label in ("Membership", "Behaviour", "Change"):
        personal_data.goes_with_contact(f"segments.{label}")
    personal_data.stays("segments.Segment", because="It is of the account: what staff ask for.")
    personal_data.stays("segments.Size", because="Numbers alone.")
    personal_data.stays("segments.Position", because="Numbers alone.")
