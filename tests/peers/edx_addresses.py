"""The addresses of the platform of edX's parts: theirs, and the one for tokens, which is in none of the packages."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from edx_platform import issue_token


@csrf_exempt
def token(request: HttpRequest) -> JsonResponse:
    said = issue_token(request.POST.dict())
    return JsonResponse(said, status=401 if "error" in said else 200)


urlpatterns = [
    path("oauth2/access_token", token),
    path("api/", include("edx_proctoring.urls", namespace="edx_proctoring")),
]
