"""Root URL configuration of the demo."""

from django.urls import include, path

from backend.urls import urlpatterns as usual

urlpatterns = [*usual, path("demo/messages/", include("demo.messages.urls"))]
