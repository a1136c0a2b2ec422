"""How many rows there are, as exactly as is worth the time."""

import json
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import IntegerField, QuerySet, Subquery
from psycopg2.errors import QueryCanceled

# Longer than this nobody waits for a number beside a list.
MILLISECONDS = 40


def capped(rows: "QuerySet[Any]", most: int) -> int | None:
    """The number of rows up to `most` + 1, which stands for more; None where counting takes too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [MILLISECONDS])
            count = rows.order_by()[: most + 1].count()
            transaction.set_rollback(True)  # takes the limit back
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return None
        raise
    return count


def estimated(rows: "QuerySet[Any]") -> int:
    """The planner's estimate of the number of rows, to two digits."""
    plan = json.loads(rows.order_by().explain(format="json"))[0]["Plan"]
    digits = max(0, len(str(plan["Plan Rows"])) - 2)
    return int(round(plan["Plan Rows"], -digits))


class RowCount(Subquery):
    """The number of a queryset's rows, to be asked for together with others by one statement."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"

    def __init__(self, rows: "QuerySet[Any]") -> None:
        super().__init__((rows if rows.query.is_sliced else rows.order_by()).values("pk"), output_field=IntegerField())
