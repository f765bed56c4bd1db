"""Addresses for tests of stopping: each answer takes a while, is long, and is written down once it was made."""

import os
import time
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from conference.urls import urlpatterns as ours

SECONDS, LENGTH = 0.2, 200_000


def slow(request: HttpRequest) -> HttpResponse:
    """The one whose number is `wait` is answered when the test says so."""
    answered, number = os.environ["ANSWERED"], request.GET["number"]
    time.sleep(SECONDS)
    if number == "wait":
        Path(f"{answered}.begun").touch()
        while not Path(f"{answered}.go").exists():
            time.sleep(0.02)
    with Path(answered).open("a") as file:
        file.write(f"{number}\n")
    return HttpResponse(b"x" * LENGTH)


urlpatterns = [path("slow", slow), *ours]
