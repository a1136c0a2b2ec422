from django.urls import path

from activity.views import downloads, log, transfers

app_name = "activity"
urlpatterns = [
    path("log/", log.log, name="log"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<int:pk>/", transfers.transfer, name="transfer"),
    path("transfers/<int:pk>/progress/", transfers.progress, name="progress"),
    path("transfers/<int:pk>/cancel/", transfers.cancel, name="cancel"),
    path("transfers/<int:pk>/retry/", transfers.retry, name="retry"),
    path("transfers/<int:pk>/file/<slug:token>/", downloads.download, name="download"),
]
