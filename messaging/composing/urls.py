from django.urls import path

from messaging.composing import views

app_name = "composing"
urlpatterns = [
    path("<int:pk>/send/", views.choose, name="choose"),
    path("<int:pk>/send/<slug:slug>/", views.compose, name="compose"),
    path("<int:pk>/send/<slug:slug>/check/", views.check, name="check"),
    path("<int:pk>/send/<slug:slug>/preview/", views.preview, name="preview"),
]
