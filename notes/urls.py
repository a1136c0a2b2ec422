from django.urls import path

from notes import views

app_name = "notes"
urlpatterns = [
    path("<int:pk>/notes/", views.notes, name="list"),
    path("<int:pk>/notes/<int:note>/deletion/", views.deletion, name="deletion"),
]
