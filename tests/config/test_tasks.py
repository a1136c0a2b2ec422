"""What is cleared away every night."""

import datetime

import pytest
import time_machine
from axes.models import AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from config.models import User
from config.tasks import SIGN_IN_LOG_DAYS, forget_visits
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def test_ended_sessions_and_old_visits_are_forgotten_and_the_others_kept(marketer: User) -> None:
    now = timezone.now()
    ages = [SIGN_IN_LOG_DAYS + 1, SIGN_IN_LOG_DAYS - 1]
    for days in ages:
        with time_machine.travel(now - datetime.timedelta(days=days)):
            Client().post("/accounts/login/", {"login": marketer.username, "password": PASSWORD})
    Client().force_login(marketer)
    assert (Session.objects.count(), AccessLog.objects.count()) == (3, 3)

    forget_visits()

    assert Session.objects.count() == 1
    assert Session.objects.get().expire_date > now + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE - 60)
    assert AccessLog.objects.count() == 2
