"""Django in one file: settings, views, WSGI and ASGI applications. Run as a script it is `manage.py`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DEBUG=False,
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware", "apps.django_app.explain"],
        ROOT_URLCONF="apps.django_app",
        SECRET_KEY="only for tests",
        WSGI_APPLICATION="apps.django_app.wsgi",
    )
    django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

from apps import shared  # noqa: E402
from korewebhook.django import BodyConsumedError, Received, kore_webhook  # noqa: E402


class explain:  # noqa: N801: middleware of both kinds has to be a class
    """Puts the error of a body that was consumed into the answer."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if asyncio.iscoroutinefunction(get_response):
            from asgiref.sync import markcoroutinefunction

            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return HttpResponse(str(error), status=500) if isinstance(error, BodyConsumedError) else None


@kore_webhook(shared.webhook, **shared.options())
def kore(request: HttpRequest, received: Received) -> None:
    shared.handle(received)


@kore_webhook(shared.webhook, **shared.options())
async def async_kore(request: HttpRequest, received: Received) -> None:
    shared.handle(received)


@kore_webhook(shared.webhook, **shared.options(guarded=False))
def own(request: HttpRequest, received: Received, name: str) -> HttpResponse:
    body = request.body.decode()
    json = received.delivery.json() if body.startswith("{") else None
    return JsonResponse({"name": name, "body": body, "json": json, "post": request.POST.dict()}, status=202)


@kore_webhook(shared.webhook, **shared.options())
def slow(request: HttpRequest, received: Received) -> None:
    shared.handle(received)
    assert shared.gate.wait(30)


@kore_webhook(shared.webhook, **shared.options())
async def async_slow(request: HttpRequest, received: Received) -> None:
    shared.handle(received)
    while not shared.gate.is_set():
        await asyncio.sleep(0.01)


@kore_webhook(shared.webhook, **shared.options())
def raises(request: HttpRequest, received: Received) -> None:
    if shared.fail_once(received):
        raise RuntimeError("not this time")


@kore_webhook(shared.webhook, **shared.options())
async def async_raises(request: HttpRequest, received: Received) -> None:
    if shared.fail_once(received):
        raise RuntimeError("not this time")


@kore_webhook(shared.webhook, **shared.options())
def answers(request: HttpRequest, received: Received) -> HttpResponse:
    return HttpResponse(status=500) if shared.fail_once(received) else HttpResponse(status=200)


def after(read: Callable[[HttpRequest], object]) -> Callable[[HttpRequest], Any]:
    """A view of which something reads the request first."""

    @csrf_exempt
    def view(request: HttpRequest) -> Any:
        read(request)
        return kore_webhook(shared.webhook)(lambda request, received: None)(request)

    return view


def go(request: HttpRequest) -> HttpResponse:
    shared.gate.set()
    return HttpResponse("gone")


def state(request: HttpRequest) -> HttpResponse:
    return JsonResponse(shared.state())


urlpatterns = [
    path("kore/", kore),
    path("own/<str:name>", own),
    path("slow/", slow),
    path("raises/", raises),
    path("answers/", answers),
    path("async/kore/", async_kore),
    path("async/slow/", async_slow),
    path("async/raises/", async_raises),
    path("consumed/", after(lambda request: request.read())),
    path("parsed/", after(lambda request: request.POST)),
    path("kept/", after(lambda request: request.body)),
    path("state", state),
    path("go", go),
]

wsgi = get_wsgi_application()
asgi = get_asgi_application()

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
