from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotesConfig(AppConfig):
    name = "notes"
    verbose_name = _("Notes")

    def ready(self) -> None:
        from activity import deeds  # noqa: PLC0415 - models are there only now
        from contacts import tabs  # noqa: PLC0415
        from contacts.erasure import personal_data  # noqa: PLC0415
        from contacts.seeding import additions  # noqa: PLC0415
        from notes.deeds import DEEDS, note_subjects  # noqa: PLC0415
        from notes.demo import add_demo_notes  # noqa: PLC0415
        from notes.models import Note  # noqa: PLC0415

        tabs.register(tabs.Tab("notes", _("Notes"), "notes:list", Note.objects.of_each))
        additions.register(add_demo_notes)
        personal_data.goes_with_contact("notes.Note")
        deeds.register(DEEDS)
        deeds.register_naming(Note._meta.label_lower, note_subjects)
