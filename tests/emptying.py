"""Empties the database behind a test with real transactions, quickly: such a test leaves few rows behind."""

from django.db import connection
from django.test import TransactionTestCase

from activity.erasure import erasing
from activity.models import AuditEntry
from contacts.models import ContactList

# What follows from the code alone: kinds of rows, permissions and roles.
LASTING = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions", "django_migrations"}


def by_rows(_test: TransactionTestCase) -> None:
    """Deletes rows; to truncate all tables, and to do anew what follows `migrate`, takes Django forty times as long."""
    with erasing(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        # Last of all what a worker that still ends something adds beside rows that are deleted here: it waits for them.
        for table in sorted(tables, key=lambda name: name == AuditEntry._meta.db_table):
            if table not in LASTING:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    ContactList.objects.get_or_create(is_default=True, defaults={"name": "Default Contact List"})


def install() -> None:
    TransactionTestCase._fixture_teardown = by_rows  # type: ignore[attr-defined]
