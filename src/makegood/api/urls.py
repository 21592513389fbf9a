"""The addresses of the API."""

from django.urls import path

from makegood.api.facts import report_facts

urlpatterns = [path("facts", report_facts, name="facts")]
