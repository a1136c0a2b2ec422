from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from config.health import healthz
from config.metrics import metrics
from messaging.tracking.views import clicked, opened
from messaging.views.info import message
from messaging.views.joining import join
from messaging.webhooks.views import hook
from subscriptions.views.leaving import leave

handler400 = "config.errors.unreadable"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"

_ICON = f"{settings.STATIC_URL}images/mark.svg"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="contacts:list"), name="home"),
    path("contacts/", include("contacts.urls")),
    path("contacts/", include("notes.urls")),
    path("contacts/", include("subscriptions.urls")),
    path("", include("segments.urls")),
    path("contacts/", include("scoring.urls")),
    path("contacts/", include("messaging.composing.urls")),
    path("messages/", include("messaging.urls")),
    path("messages/<int:pk>/", message, name="message"),
    path("u/<str:token>/", leave, name="leave"),
    path("join/<str:token>/", join, name="join"),
    path("hooks/<slug:provider>/", hook, name="hook"),
    path("t/<str:token>.gif", opened, name="opened"),
    path("t/<str:token>/<int:place>/", clicked, name="clicked"),
    path("push/", include("messaging.providers.webpush.urls")),
    path("activity/", include("activity.urls")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    # Closed (config.accounts), but reversed by the sign-in page's view.
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    # Pages name their icon; this is for whatever else a browser shows, such as a picture by itself.
    path("favicon.ico", login_not_required(RedirectView.as_view(url=_ICON)), name="favicon"),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
]
