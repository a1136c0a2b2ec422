"""Writing credentials: they go in, and only their ends are ever seen again."""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity import audit
from activity.audit import Actor
from activity.catalogue import Channel
from messaging.credentials import reading
from messaging.credentials.known import KNOWN
from messaging.credentials.mail_server import read_mail_server
from messaging.credentials.sealing import Unreadable, seal, unseal
from messaging.models import Message, ProviderAccount
from messaging.states import State

# Of what is shorter, four characters would tell too much.
_LONG, _SHOWN = 12, 4


class Awaited(Exception):
    """Messages wait to go by an account: without it they would go to the sandbox, as if they had been sent."""


@transaction.atomic
def keep(*, account: ProviderAccount, values: Mapping[str, str], forget: Collection[str] = (), actor: Actor) -> None:
    """Puts credentials in the place of those of the same names, and takes some away. What is empty changes nothing.

    Raises `Unreadable` where others are there that the present keys do not open, unless nothing of them is to stay;
    `ValueError` for what cannot be one; `Awaited`.
    """
    given = {name: text for name, text in values.items() if text}
    check(given)
    row = ProviderAccount.objects.select_for_update().filter(pk=account.pk).first()
    gone = set(row.endings) & set(forget) - given.keys() if row else set()
    if row and not given and not gone:
        return
    first = _first(account)
    if first in gone:
        _refuse_awaited(account)
    kept = _kept(row, given.keys() | gone) if row else {}
    there = {name: text for name, text in (kept | given).items() if name not in gone}
    account.sealed, account.endings = seal(there), {name: _ending(text) for name, text in there.items()}
    if not row or first in given:  # of two accounts the one that was set up last is in use
        account.updated_at, account.by = now(), actor.name
    account.save()
    audit.record(
        actor=actor, verb="provider.credentials", of=account, provider=account.provider,
        set=sorted(given), removed=sorted(gone),
    )  # fmt: skip
    transaction.on_commit(reading.forget)


@transaction.atomic
def remove(*, account: ProviderAccount, actor: Actor) -> None:
    """Raises `Awaited`."""
    _refuse_awaited(account)
    audit.record(actor=actor, verb="provider.removed", of=account, provider=account.provider)
    account.delete()
    transaction.on_commit(reading.forget)


def check(values: Mapping[str, str]) -> None:
    """Raises `ValueError` with words for what cannot be a credential."""
    if url := values.get("EMAIL_URL"):
        read_mail_server(url)


def _refuse_awaited(account: ProviderAccount) -> None:
    """Where no other account would send them, nor the environment."""
    access = KNOWN.get(account.provider)
    if not access or access.names[0] not in account.endings or _has_other(account, access.channel):
        return
    waiting = Message.objects.filter(channel=access.channel, state__in=(State.QUEUED, State.SENDING))
    if waiting.exists():
        raise Awaited(
            _("Messages wait to go by it. Once they are sent or cancelled, or another account sends them, it can go.")
        )


def _has_other(account: ProviderAccount, channel: Channel) -> bool:
    if settings.MESSAGE_PROVIDERS[channel.slug] != settings.SANDBOX:
        return True
    others = ProviderAccount.objects.exclude(pk=account.pk).filter(
        provider__in=[name for name, access in KNOWN.items() if access.channel is channel]
    )
    return any(_first(each) in each.endings for each in others)


def _first(account: ProviderAccount) -> str:
    """The credential with which it is in use."""
    access = KNOWN.get(account.provider)
    return access.names[0] if access else ""


@transaction.atomic
def reseal() -> int:
    """Seals all of them by the first key, so that later ones can go; returns how many. Raises `Unreadable`."""
    accounts = list(ProviderAccount.objects.select_for_update())
    for each in accounts:
        ProviderAccount.objects.filter(pk=each.pk).update(sealed=seal(unseal(bytes(each.sealed))))
    return len(accounts)


def _kept(row: ProviderAccount, replaced: Collection[str]) -> dict[str, str]:
    try:
        return unseal(bytes(row.sealed))
    except Unreadable:
        if set(row.endings) <= set(replaced):
            return {}
        raise


def _ending(text: str) -> str:
    return text[-_SHOWN:] if len(text) >= _LONG else ""
