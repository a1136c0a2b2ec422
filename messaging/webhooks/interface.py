"""How callbacks of providers are read. Each provider that calls back has a `hook.py` with one function `read`."""


class Forged(Exception):
    """The provider has not signed this."""


class TooLarge(Exception):
    """It is more than this provider has reason to send."""


class Unreadable(ValueError):
    """The provider has signed it, and it is not what the provider's documents say."""
