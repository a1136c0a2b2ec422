from django.urls import path

from activity import views

app_name = "activity"
urlpatterns = [
    path("transfers/", views.transfers, name="transfers"),
]
