"""Templates of the demo account, with one of Viber's approved."""

import datetime

from activity.audit import Actor
from activity.catalogue import Channel
from messaging.models import Template
from messaging.templating import approve, save_template, submit

_WELCOME = """<style>
  h1 { color: #3457d5; font-size: 24px }
  p { color: #17202c; font: 16px/1.5 Arial, sans-serif }
  .button { background: #3457d5; border-radius: 8px; color: #fff; display: inline-block }
  .button { padding: 12px 20px; text-decoration: none }
  @media (max-width: 600px) { .button { display: block; text-align: center } }
</style>
<h1>Welcome, {{ firstName | default: "friend" }}!</h1>
<p>Good to have you with us{% if city %} from {{ city }}{% endif %}. Here is what others like most just now.</p>
<p><a class="button" href="https://shop.example.com/new">See what is new</a></p>
<p><small>{{ companyName }} · {{ companyAddress }} · <a href="{{ unSubscribeUrl }}">Unsubscribe</a></small></p>
"""
_PLAIN = """{{ firstName | default: "Hello" }}, your parcel is on its way."""
_BOT = """<b>{{ firstName | default: "Hello" }}</b>, boots in your size are back:
<a href="https://shop.example.com/boots">have a look</a>."""
_VIBER = "{{ firstName }}, your order {{ orderNumber }} is at {{ branch }} until {{ lastDay }}."
_TEMPLATES = (
    {
        "name": "Welcome",
        "channel": Channel.EMAIL,
        "format": "html",
        "subject": 'Welcome, {{ firstName | default: "friend" }}!',
        "body": _WELCOME,
    },
    {"name": "Parcel on its way", "channel": Channel.SMS, "body": _PLAIN},
    {"name": "Back in stock", "channel": Channel.TELEGRAM, "format": "html", "body": _BOT},
    {
        "name": "Back in stock",
        "channel": Channel.DESKTOP_WEBPUSH,
        "subject": '{{ firstName | default: "Hello" }}, boots are back',
        "body": "In your size, until they are gone again.",
        "link": "https://shop.example.com/boots",
    },
    {"name": "Order at the branch", "channel": Channel.VIBER, "body": _VIBER},
)


def add_demo_templates(_now: datetime.datetime) -> None:
    writer, approver = Actor(name="Marta Levchenko"), Actor(name="Andrii Shevchuk")
    for values in _TEMPLATES:
        template = Template(**values)
        save_template(template, actor=writer, fields=[])
        if template.needs_approval:
            version = template.versions.get()
            submit(version, actor=writer)
            approve(version, actor=approver, reason="As Viber's rules want it")
