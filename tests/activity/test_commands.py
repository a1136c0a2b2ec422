"""What commands say before they begin."""

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("command", [["seed", "--contacts", "1"], ["import", "people.csv"]])
def test_a_database_without_the_tables_is_told_as_one(command: list[str]) -> None:
    MigrationRecorder.Migration.objects.filter(app="contacts").delete()
    with pytest.raises(CommandError, match=r"run “manage\.py migrate” first"):
        call_command(*command)
