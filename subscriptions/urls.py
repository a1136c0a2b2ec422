from django.urls import path

from subscriptions.views import actions, channels, history

app_name = "subscriptions"
urlpatterns = [
    path("<int:pk>/subscriptions/", channels.panel, name="panel"),
    path("<int:pk>/subscriptions/<slug:slug>/", channels.channel, name="channel"),
    path("<int:pk>/actions/<slug:action>/", actions.action, name="action"),
    path("<int:pk>/consent/", history.history, name="history"),
]
