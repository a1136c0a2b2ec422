"""What `manage.py` commands of this project have in common."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor


class CommandOnTables(BaseCommand):
    """A command that needs the tables of this version: it says so where they are missing, before it does anything."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database does not have this version’s tables yet: run “manage.py migrate” first.")
