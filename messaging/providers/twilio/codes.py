"""What Twilio's error codes mean (twilio.com/docs/api/errors)."""

from messaging.tellings import Telling

# The person has written STOP.
LEFT = frozenset({21610})
_TELLINGS = {
    21211: Telling.HARD,  # invalid number
    21214: Telling.HARD,  # cannot be reached
    21217: Telling.HARD,  # not a valid number
    21614: Telling.HARD,  # no mobile number
    30005: Telling.HARD,  # unknown handset
    30006: Telling.HARD,  # landline or unreachable carrier
    30003: Telling.FAILED,  # handset switched off
    30008: Telling.FAILED,  # unknown error
}


def telling_of(code: int | None) -> Telling:
    return _TELLINGS.get(code or 0, Telling.REJECTED)
