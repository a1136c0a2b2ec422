"""Who may do what: the one table from which the groups of `django.contrib.auth` get their permissions."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MARKETER, SUPPORT, ADMIN = "Marketer", "Support", "Admin"

ROLE_LABELS = {MARKETER: _("Marketer"), SUPPORT: _("Support"), ADMIN: _("Admin")}

# permission: the roles that have it
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "contacts.view_contact": (MARKETER, SUPPORT, ADMIN),
    "contacts.add_contact": (MARKETER, ADMIN),
    "contacts.change_contact": (MARKETER, ADMIN),
    "contacts.delete_contact": (MARKETER, ADMIN),
    "contacts.import_contact": (MARKETER, ADMIN),
    "contacts.view_erasure": (ADMIN,),
    # Components
    "contacts.view_contactlist": (MARKETER, SUPPORT, ADMIN),
    "contacts.add_contactlist": (ADMIN,),
    "contacts.change_contactlist": (MARKETER, ADMIN),
    "contacts.delete_contactlist": (ADMIN,),
    "contacts.view_source": (MARKETER, SUPPORT, ADMIN),
    "contacts.add_source": (MARKETER, ADMIN),
    "contacts.change_source": (MARKETER, ADMIN),
    "contacts.delete_source": (ADMIN,),
    "contacts.view_variabledefinition": (MARKETER, SUPPORT, ADMIN),
    "contacts.add_variabledefinition": (MARKETER, ADMIN),
    "contacts.change_variabledefinition": (MARKETER, ADMIN),
    "contacts.delete_variabledefinition": (ADMIN,),
    "contacts.view_accountvariable": (MARKETER, SUPPORT, ADMIN),
    "contacts.add_accountvariable": (MARKETER, ADMIN),
    "contacts.change_accountvariable": (MARKETER, ADMIN),
    "contacts.delete_accountvariable": (ADMIN,),
    "activity.view_customeventtype": (MARKETER, SUPPORT, ADMIN),
    "activity.add_customeventtype": (MARKETER, ADMIN),
    "activity.change_customeventtype": (MARKETER, ADMIN),
    "activity.delete_customeventtype": (ADMIN,),
    "scoring.view_rule": (MARKETER, SUPPORT, ADMIN),
    "scoring.add_rule": (MARKETER, ADMIN),
    "scoring.change_rule": (MARKETER, ADMIN),
    "scoring.delete_rule": (ADMIN,),
    # Message templates
    "messaging.view_template": (MARKETER, SUPPORT, ADMIN),
    "messaging.add_template": (MARKETER, ADMIN),
    "messaging.change_template": (MARKETER, ADMIN),
    "messaging.delete_template": (ADMIN,),
    "messaging.approve_template": (ADMIN,),
    # Notes
    "notes.view_note": (MARKETER, SUPPORT, ADMIN),
    "notes.add_note": (MARKETER, SUPPORT, ADMIN),
    "notes.delete_own_note": (MARKETER, SUPPORT, ADMIN),
    "notes.delete_note": (MARKETER, ADMIN),
    # Permission to send
    "subscriptions.change_subscription": (MARKETER, ADMIN),
    "subscriptions.resubscribe_contact": (MARKETER, ADMIN),
    "subscriptions.view_blacklistentry": (MARKETER, ADMIN),
    "subscriptions.add_blacklistentry": (MARKETER, ADMIN),
    "subscriptions.delete_blacklistentry": (ADMIN,),
    "subscriptions.view_consentrecord": (MARKETER, SUPPORT, ADMIN),
    # Segments
    "segments.view_segment": (MARKETER, SUPPORT, ADMIN),
    "segments.add_segment": (MARKETER, ADMIN),
    "segments.change_segment": (MARKETER, ADMIN),
    # Messages
    "messaging.view_message": (MARKETER, SUPPORT, ADMIN),
    "messaging.add_message": (MARKETER, ADMIN),
    "messaging.resend_message": (MARKETER, ADMIN),
    "messaging.view_provideraccount": (ADMIN,),
    "messaging.add_provideraccount": (ADMIN,),
    "messaging.change_provideraccount": (ADMIN,),
    "messaging.delete_provideraccount": (ADMIN,),
    # What is done
    "activity.view_transfer": (MARKETER, ADMIN),
    "activity.export": (MARKETER, ADMIN),
    "activity.view_auditentry": (ADMIN,),
    "config.view_user": (ADMIN,),
    "config.add_user": (ADMIN,),
    "config.change_user": (ADMIN,),
    "auth.view_group": (ADMIN,),
    "axes.view_accessattempt": (ADMIN,),
    "axes.delete_accessattempt": (ADMIN,),
}


def permissions_of(role: str) -> list[str]:
    """The permissions of one role, as `app.codename`, in the table's order."""
    return [permission for permission, roles in PERMISSIONS.items() if role in roles]


def sync_roles(**_signal: Any) -> None:
    """Makes the three groups hold exactly the table's permissions; runs after every `migrate`."""
    for app_config in apps.get_app_configs():
        create_permissions(app_config, verbosity=0)  # after the first `migrate` those of later apps are not there yet
    for role in ROLE_LABELS:
        wanted = Q(pk__in=[])
        for permission in permissions_of(role):
            app, codename = permission.split(".")
            wanted |= Q(content_type__app_label=app, codename=codename)
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set(Permission.objects.filter(wanted))
