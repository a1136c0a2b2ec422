"""The timetable of everything that recurs. Each task is a wake-up: missing one, or having two, does no harm."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "wake transfers": {"task": "activity.tasks.wake_transfers", "schedule": 3.0, "options": {"expires": 3}},
    "keep segments up": {"task": "segments.tasks.keep_up", "schedule": 3.0, "options": {"expires": 3}},
    "keep scores up": {"task": "scoring.tasks.keep_up", "schedule": 3.0, "options": {"expires": 3}},
    "wake delivery": {
        "task": "messaging.tasks.wake_delivery",
        "schedule": 2.0,
        "options": {"expires": 2, "queue": "delivery"},
    },
    "ask providers": {
        "task": "messaging.tasks.check_asked",
        "schedule": 20.0,
        "options": {"expires": 20, "queue": "delivery"},
    },
    "fetch bounces": {"task": "messaging.tasks.fetch_bounces", "schedule": 60.0, "options": {"expires": 60}},
    "apply receipts": {
        "task": "messaging.tasks.apply_receipts",
        "schedule": 20.0,
        "options": {"expires": 20, "queue": "delivery"},
    },
    "finish erasures": {"task": "contacts.tasks.finish_erasures", "schedule": 20.0, "options": {"expires": 20}},
    "forget visits": {"task": "config.tasks.forget_visits", "schedule": crontab(hour="3", minute="40")},
    "make months of events": {"task": "activity.tasks.make_months", "schedule": crontab(minute="20")},
    "drop months of events": {"task": "activity.tasks.drop_months", "schedule": crontab(hour="3", minute="50")},
    "expire transfers": {"task": "activity.tasks.expire_transfers", "schedule": crontab(minute="10")},
}
