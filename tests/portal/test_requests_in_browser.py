"""The form as a business pastes it into its own website: another origin, no script, no cookie."""

import html
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from accounts import current
from crm.models import WorkRequest
from tests import make
from tests.looks import violations

pytestmark = pytest.mark.journey


@pytest.fixture
def business(transactional_db, live_server, settings):
    settings.PUBLIC_BASE_URL = live_server.url
    with current.working_for(make.make_business(takes_requests=True)) as here:
        yield here


@pytest.fixture
def website(business):
    """Serves one page of another origin, which holds what the settings page offers to copy; yields its address."""
    settings_page = make.signed_in(make.make_member()).get("/einstellungen/website/").content.decode()
    pasted = html.unescape(re.search(r'<textarea id="code-form"[^>]*>(.*?)</textarea>', settings_page, re.S)[1])

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            content = f"<!doctype html><html lang=de><meta charset=utf-8><title>Tischlerei</title><main>{pasted}</main>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *args):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_request_from_another_website_arrives_after_a_look(open_page, website, business, tmp_path):
    photo = tmp_path / "tür.jpg"
    photo.write_bytes(make.picture())
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(website)
    page.get_by_label("Ihr Name").fill("Mara Engel")
    page.get_by_label("E-Mail-Adresse").fill("mara@engel.example")
    page.get_by_label("Worum geht es?").fill("Eine neue Haustür für 2,10 m, bitte mit „Seitenteil“")
    page.get_by_role("button", name="Weiter").click()

    page.get_by_role("heading", level=1, name="Bitte prüfen und absenden").wait_for()
    assert not WorkRequest.objects.exists()
    assert page.get_by_label("Ihr Name").input_value() == "Mara Engel"
    page.get_by_label("Fotos (freiwillig)").set_input_files(photo)
    page.wait_for_timeout(1_100)  # nobody reads it in less; the form would ask to send once more
    page.get_by_role("button", name="Anfrage senden").click()

    page.get_by_role("heading", level=1, name="Danke. Ihre Anfrage ist bei uns.").wait_for()
    asked = WorkRequest.objects.get()
    assert (asked.name, asked.text) == ("Mara Engel", "Eine neue Haustür für 2,10 m, bitte mit „Seitenteil“")
    assert asked.photos.count() == 1
    assert page.context.cookies() == []


def test_the_form_is_free_of_barriers(open_page, live_server, business):
    page = open_page(viewport={"width": 320, "height": 700})
    page.goto(f"/anfrage/{business.slug}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page, rules=None) == []
