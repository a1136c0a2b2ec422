"""What an erasure does in the tables of this app and of those below it."""

from contacts.erasure.personal_data import goes_with_contact, stays

_STAFF = "It is of the staff alone."
_ACCOUNT = "It is of the account, not of a person."


def register_tables() -> None:
    goes_with_contact("contacts.Contact", contact="id")
    goes_with_contact("activity.Event")
    stays("contacts.Erasure", because="It is the receipt: numbers, and digests by which nobody can be found.")
    stays("activity.AuditEntry", because="It tells what the staff did, and never has a personal value of a contact.")
    stays("activity.Transfer", because="Its files have the values; they are searched (`Handler.forget`).")
    for label in ("ContactList", "Source", "VariableDefinition", "AccountVariable"):
        stays(f"contacts.{label}", because=_ACCOUNT)
    stays("activity.CustomEventType", because=_ACCOUNT)
    stays("contacts.ListPreference", because=_STAFF)
    # Of Django and of what signs the staff in.
    for app in ("config", "auth", "admin", "contenttypes", "sessions", "account", "mfa", "axes", "migrations"):
        stays(app, because=_STAFF)
