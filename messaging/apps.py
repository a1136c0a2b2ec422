from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from activity import deeds, feed_actions  # noqa: PLC0415 - models are there only now
        from contacts import parts  # noqa: PLC0415
        from contacts.erasure import personal_data  # noqa: PLC0415
        from contacts.seeding import additions  # noqa: PLC0415
        from contacts.views import components  # noqa: PLC0415
        from messaging.deeds import DEEDS, message_subjects  # noqa: PLC0415
        from messaging.demo import add_demo_messages  # noqa: PLC0415
        from messaging.erasure import forget_contents  # noqa: PLC0415
        from messaging.joining import join_link  # noqa: PLC0415
        from messaging.models import Template  # noqa: PLC0415
        from messaging.providers.webpush.standing import browsers_of  # noqa: PLC0415
        from messaging.resending import RESEND  # noqa: PLC0415
        from messaging.template_deeds import TEMPLATE_DEEDS, TEMPLATES  # noqa: PLC0415
        from messaging.template_demo import add_demo_templates  # noqa: PLC0415

        deeds.register(DEEDS)
        deeds.register_naming("messaging.message", message_subjects)
        additions.register(add_demo_messages)
        personal_data.before_erasing(forget_contents)
        # In the order in which they depend on one another.
        personal_data.goes_with_contact("messaging.RenderedContent")
        personal_data.goes_with_contact("messaging.Message")
        personal_data.goes_with_contact("messaging.Receipt")
        personal_data.goes_with_contact("messaging.Attempt")
        personal_data.goes_with_contact("messaging.PushSubscription")
        personal_data.stays("messaging.WrittenContent", because="Goes with the last message that has it.")
        personal_data.stays("messaging.Pace", because="What a provider said of itself.")
        personal_data.stays("messaging.ProviderAccount", because="What the installation signs in with, encrypted.")
        personal_data.stays("messaging.Template", because="What the account writes.")
        personal_data.stays("messaging.TemplateVersion", because="What the account wrote.")
        feed_actions.register(RESEND)
        parts.register(parts.Part(lambda contact, _known: contact, actions="messaging/send_button.html"))
        parts.register(parts.Part(lambda contact, _known: join_link(contact), panel="messaging/join_panel.html"))
        parts.register(parts.Part(lambda contact, _known: browsers_of(contact), panel="messaging/browsers.html"))
        additions.register(add_demo_templates)
        components.register(TEMPLATES)
        deeds.register_component(Template)
        deeds.register(TEMPLATE_DEEDS)
