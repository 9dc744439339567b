"""The site map as the demo has it."""

from django.urls import include, path

from backend.urls import urlpatterns as usual

urlpatterns = [*usual, path("demo/messages/", include("demo.messages.urls"))]
