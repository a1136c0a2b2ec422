from django.urls import path

from messaging.views import content, deciding, outbox, resending

app_name = "messaging"
urlpatterns = [
    path("outbox/", outbox.outbox, name="outbox"),
    path("<int:pk>/content/", content.content, name="content"),
    path("<int:pk>/resend/", resending.resending, name="resend"),
    path("<int:pk>/settlement/", deciding.settlement, name="settlement"),
    path("<int:pk>/check/", deciding.check, name="check"),
    path("<int:pk>/cancellation/", deciding.cancellation, name="cancellation"),
    path("<int:pk>/playing/", outbox.playing, name="playing"),
]
