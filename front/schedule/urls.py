"""Addresses of a clinician's own pages."""

from django.urls import path

from . import views

app_name = "schedule"

urlpatterns = [
    path("", views.today, name="today"),
    path("week/<str:day>/", views.week, name="week"),
    path("feed/", views.feed, name="feed"),
    path("feed/end/", views.feed_end, name="feed_end"),
]
