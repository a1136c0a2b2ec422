"""By which channels a person can be written to by hand, and how the contact stands with each."""

from dataclasses import dataclass

from activity.catalogue import Channel
from activity.labels import CHANNELS, ICONS
from contacts.models import Contact
from messaging.content.content import Format
from messaging.content.push import PUSH_CHANNELS
from subscriptions.facts import ADDRESSES
from subscriptions.standing import ChannelStanding, Standing

COMPOSED = (Channel.EMAIL, Channel.SMS, Channel.TELEGRAM, Channel.VIBER, *PUSH_CHANNELS)
BY_SLUG = {channel.slug: channel for channel in COMPOSED}
# The formats that people choose from; the first is what a blank message has.
OFFERED_FORMATS: dict[Channel, tuple[Format, ...]] = {
    Channel.EMAIL: (Format.HTML, Format.TEXT),
    Channel.SMS: (Format.TEXT,),
    Channel.TELEGRAM: (Format.HTML,),
    Channel.VIBER: (Format.TEXT,),
    Channel.DESKTOP_WEBPUSH: (Format.TEXT,),
    Channel.MOBILE_WEBPUSH: (Format.TEXT,),
}


@dataclass(frozen=True)
class Way:
    """One channel to a contact: its name and icon, the address ("" where the channel itself gives it), the standing."""

    channel: Channel
    address: str
    standing: ChannelStanding

    @property
    def name(self) -> str:
        return str(CHANNELS[self.channel])

    @property
    def icon(self) -> str:
        return ICONS[self.channel]

    @property
    def is_open(self) -> bool:
        return self.standing.verdict.is_open


def ways_to(contact: Contact, standing: Standing) -> list[Way]:
    addresses = {"email": contact.email_for_people, "phone": contact.phone_for_people}
    return [
        Way(channel, addresses.get(ADDRESSES.get(channel, ""), ""), standing.channels[channel]) for channel in COMPOSED
    ]
