"""Flask under gunicorn."""

from __future__ import annotations

from adapter_checks import FORM_BODY, AdapterChecks
from serving import Server
from signing import FORM, headers

GUNICORN = ["-m", "gunicorn", "--threads", "4", "--bind", "127.0.0.1:{port}"]


class TestFlaskUnderGunicorn(AdapterChecks):
    command = [*GUNICORN, "apps.flask_app:app"]

    def test_a_parsed_form_is_a_clear_error(self, server: Server) -> None:
        reply = server.send("/parsed/", FORM_BODY, headers(FORM_BODY, content_type=FORM))
        assert (reply.status, b"read before it was verified" in reply.body) == (500, True)

    def test_a_parsed_chunked_form_is_a_clear_error(self, server: Server) -> None:
        reply = server.send("/parsed/", [FORM_BODY], headers(FORM_BODY, content_type=FORM))
        assert (reply.status, b"read before it was verified" in reply.body) == (500, True)

    def test_a_body_that_was_kept_is_as_good(self, server: Server) -> None:
        assert server.send("/kept/", b" {}", headers(b"{}")).status == 204
