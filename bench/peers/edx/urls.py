"""The addresses: edX's own, and one that says the server is up."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path


def ok(request: HttpRequest, **named: str) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("edx-proctoring-is-up", ok),
    path("api/", include("edx_proctoring.urls", namespace="edx_proctoring")),
    # An attempt says where its exam is, by the platform's own address.
    re_path(rf"^courses/{settings.COURSE_ID_PATTERN}/jump_to/(?P<location>.*)$", ok, name="jump_to"),
]
