from django.urls import path

from scoring.views import contact, rules

app_name = "scoring"
urlpatterns = [
    path("components/scores/", rules.rules, name="list"),
    path("components/scores/add/", rules.add, name="add"),
    path("components/scores/bounds/", rules.bounds, name="bounds"),
    path("components/scores/<int:pk>/", rules.edit, name="edit"),
    path("components/scores/<int:pk>/pausing/", rules.pausing, name="pausing"),
    path("components/scores/<int:pk>/delete/", rules.deleting, name="delete"),
    path("<int:pk>/score/", contact.score, name="of_contact"),
]
