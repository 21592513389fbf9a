"""The addresses of the public pages."""

from django.urls import path

from makegood.web.public.front import front

urlpatterns = [path("", front, name="front")]
