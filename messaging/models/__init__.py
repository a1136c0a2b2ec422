from messaging.models.account import ProviderAccount
from messaging.models.attempt import Attempt, Outcome
from messaging.models.content import RenderedContent, WrittenContent
from messaging.models.message import Lane, Message
from messaging.models.pace import Pace
from messaging.models.push_subscription import PushSubscription
from messaging.models.receipt import Receipt
from messaging.models.slot import Slot
from messaging.models.template import Approval, Template, TemplateVersion

__all__ = [
    "Approval",
    "Attempt",
    "Lane",
    "Message",
    "Outcome",
    "Pace",
    "ProviderAccount",
    "PushSubscription",
    "Receipt",
    "RenderedContent",
    "Slot",
    "Template",
    "TemplateVersion",
    "WrittenContent",
]
