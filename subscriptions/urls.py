from django.urls import path

from subscriptions.views import channels, history

app_name = "subscriptions"
urlpatterns = [
    path("<int:pk>/subscriptions/", channels.panel, name="panel"),
    path("<int:pk>/subscriptions/<slug:slug>/", channels.channel, name="channel"),
    path("<int:pk>/consent/", history.history, name="history"),
]
