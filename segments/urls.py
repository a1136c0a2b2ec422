from django.urls import path

from segments.views import building, contact, listing

app_name = "segments"
urlpatterns = [
    path("segments/", listing.segments, name="list"),
    path("segments/add/", building.add, name="add"),
    path("segments/<int:pk>/", listing.segment, name="segment"),
    path("segments/<int:pk>/edit/", building.edit, name="edit"),
    path("segments/<int:pk>/archiving/", listing.archiving, name="archiving"),
    path("contacts/<int:pk>/segments/", contact.segments, name="of_contact"),
]
