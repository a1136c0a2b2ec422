from django.urls import path

from contacts.views import bulk, components, editing, erasing, exports, feed, imports, listing, search, variables

app_name = "contacts"
urlpatterns = [
    path("", listing.contact_list, name="list"),
    path("columns/", listing.columns, name="columns"),
    path("search/", search.search, name="search"),
    path("add/", editing.add, name="add"),
    path("add/check/", editing.check, name="add_check"),
    path("components/", components.components, name="components"),
    path("<int:pk>/", feed.profile, name="profile"),
    path("export/", exports.contacts, name="export"),
    path("<int:pk>/export/", exports.feed, name="export_feed"),
    path("<int:pk>/news/", feed.news, name="news"),
    path("<int:pk>/events/<slug:place>/", feed.event, name="event"),
    path("<int:pk>/variables/", variables.variables, name="variables"),
    path("<int:pk>/edit/<slug:name>/", editing.edit, name="edit"),
    path("<int:pk>/delete/", erasing.delete, name="delete"),
    path("<int:pk>/values/<slug:name>/", editing.value, name="value"),
    path("bulk/", bulk.start, name="bulk"),
    path("bulk/<int:pk>/", bulk.detail, name="bulk_detail"),
    path("bulk/<int:pk>/progress/", bulk.progress, name="bulk_progress"),
    path("bulk/<int:pk>/cancel/", bulk.cancel, name="bulk_cancel"),
    path("bulk/<int:pk>/retry/", bulk.retry, name="bulk_retry"),
    path("import/", imports.upload, name="import"),
    path("import/<int:pk>/", imports.detail, name="import_detail"),
    path("import/<int:pk>/columns/", imports.columns, name="import_columns"),
    path("import/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("import/<int:pk>/run/", imports.run, name="import_run"),
    path("import/<int:pk>/retry/", imports.retry, name="import_retry"),
    path("import/<int:pk>/cancel/", imports.cancel, name="import_cancel"),
    path("import/<int:pk>/refused/", imports.refused, name="import_refused"),
]
