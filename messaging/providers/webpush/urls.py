from django.urls import path

from messaging.providers.webpush import views

app_name = "push"
urlpatterns = [
    path("worker.js", views.worker, name="worker"),
    path("join.js", views.snippet, name="snippet"),
    path("key/", views.key, name="key"),
    path("join/", views.join, name="join"),
    path("leave/", views.leave, name="leave"),
    path("look/", views.look, name="look"),
    path("<str:token>/", views.page, name="page"),
]
