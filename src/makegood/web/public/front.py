"""The front page: what this installation is, and how the promise is doing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def front(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return render(request, "public/front.html")
