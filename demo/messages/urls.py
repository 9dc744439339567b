"""URLs of the message viewer."""

from django.urls import path

from . import views

app_name = "demo_messages"

urlpatterns = [
    path("", views.messages, name="list"),
    path("<str:message_id>/", views.message, name="detail"),
    path("<str:message_id>/body/", views.body, name="body"),
]
