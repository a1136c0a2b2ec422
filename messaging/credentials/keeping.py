"""Writing credentials: they go in, and only their ends are ever seen again."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.timezone import now

from activity import audit
from activity.audit import Actor
from messaging.credentials import reading
from messaging.credentials.sealing import Unreadable, seal, unseal
from messaging.models import ProviderAccount

# Of what is shorter, four characters would tell too much.
_LONG, _SHOWN = 12, 4


@transaction.atomic
def keep(*, account: ProviderAccount, values: Mapping[str, str], forget: Collection[str] = (), actor: Actor) -> None:
    """Puts credentials in the place of those of the same names, and takes some away. What is empty changes nothing.

    Raises `Unreadable` where others are there that the present keys do not open, unless nothing of them is to stay.
    """
    given = {name: text for name, text in values.items() if text}
    row = ProviderAccount.objects.select_for_update().filter(pk=account.pk).first()
    kept = _kept(row, given.keys() | set(forget)) if row else {}
    there = {name: text for name, text in (kept | given).items() if name in given or name not in forget}
    account.sealed, account.endings = seal(there), {name: _ending(text) for name, text in there.items()}
    account.updated_at, account.by = now(), actor.name
    account.save()
    audit.record(
        actor=actor, verb="provider.credentials", of=account, provider=account.provider,
        set=sorted(given), removed=sorted(set(forget) - given.keys()),
    )  # fmt: skip
    transaction.on_commit(reading.forget)


@transaction.atomic
def remove(*, account: ProviderAccount, actor: Actor) -> None:
    audit.record(actor=actor, verb="provider.removed", of=account, provider=account.provider)
    account.delete()
    transaction.on_commit(reading.forget)


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
