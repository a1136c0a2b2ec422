"""The Celery application: workers are woken through it, never told what is to be done (that is in PostgreSQL)."""

import os

from celery import Celery
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

from config.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.conf.update(settings.CELERY, beat_schedule=SCHEDULE)
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
