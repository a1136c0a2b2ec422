from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    name = "segments"
    verbose_name = _("Segments")

    def ready(self) -> None:
        from activity import components, deeds  # noqa: PLC0415 - models are there only now
        from contacts import filters, foresights, tabs  # noqa: PLC0415
        from contacts.seeding import additions  # noqa: PLC0415
        from segments.deeds import DEEDS, segment_subjects  # noqa: PLC0415
        from segments.demo import add_demo_segments, add_segments  # noqa: PLC0415
        from segments.erasure import register_tables  # noqa: PLC0415
        from segments.foresight import moves  # noqa: PLC0415
        from segments.listing import MEMBERS  # noqa: PLC0415
        from segments.membership import count_of_each  # noqa: PLC0415
        from segments.models import Segment  # noqa: PLC0415
        from segments.uses import objection  # noqa: PLC0415

        filters.register(MEMBERS)
        tabs.register(tabs.Tab("segments", _("Segments"), "segments:of_contact", count_of_each))
        components.register_objection(objection)
        foresights.register(moves)
        additions.register(add_demo_segments)
        additions.register_for_crowds(add_segments)
        register_tables()
        deeds.register(DEEDS)
        deeds.register_naming(Segment._meta.label_lower, segment_subjects)
