"""The running product, as a new user starts it, and people who look at it with a browser and a mailbox."""

import email
import email.policy
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 800}}
LAUNCH = {
    "executable_path": "/usr/bin/chromium-headless-shell",  # half the work of the whole browser without a window
    "args": [
        "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
        "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
    ],
}  # fmt: skip


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Product:
    """`bin/demo` as a child: web server, Celery worker with beat, mail catcher; its own data."""

    def __init__(self, folder: Path, **environment: str):
        self.folder = folder
        self.base_url = ""
        # not a test run: the product's own settings, hashers and static files
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))}
        own = {"PORT": str(free_port()), "VAR_DIR": str(folder / "var"), "ORDER_NEWS_MINUTES": "0"}
        self.environment = plain | own | environment

    def start(self, timeout: float = 240) -> None:
        """Return when it says how to stop it; AssertionError with its output when it does not come up."""
        self.log = folder_log = self.folder / "demo.log"
        with folder_log.open("w") as log:
            self.process = subprocess.Popen(
                [ROOT / "bin" / "demo"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        until = time.monotonic() + timeout
        while "Stop with Ctrl-C" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.2)
        self.base_url = f"http://127.0.0.1:{self.environment['PORT']}"

    def stop(self) -> int:
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def mails(self, to: str = "", subject: str = "") -> list[email.message.EmailMessage]:
        """The mails that arrived, oldest first."""
        found = []
        for path in sorted((self.folder / "var" / "mails").glob("*.eml"), key=lambda path: path.stat().st_mtime):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if to in str(mail["To"]) and subject in str(mail["Subject"]):
                found.append(mail)
        return found

    def wait_for_mail(self, to: str, subject: str, timeout: float = 60) -> email.message.EmailMessage:
        """The newest mail to that address with those words in its subject; a real worker needs a moment."""
        until = time.monotonic() + timeout
        while not (found := self.mails(to, subject)):
            subjects = [(str(mail["To"]), str(mail["Subject"])) for mail in self.mails()]
            assert time.monotonic() < until, f"no mail to {to} about {subject!r} among {subjects}"
            time.sleep(0.2)
        return found[-1]


def text_of(mail) -> str:
    """The plain text of a mail."""
    return mail.get_body(("plain",)).get_content()


def link_in(mail) -> str:
    """The customer's link in a mail."""
    links = set(re.findall(r"http://127\.0\.0\.1:\d+/l/[\w-]+/", text_of(mail)))
    assert len(links) == 1, text_of(mail)
    return links.pop()


def plain(text: str) -> str:
    """Text with ordinary blanks, to compare with what one reads."""
    return text.replace("\xa0", " ").replace("\u202f", " ").strip()


class Person:
    """Somebody with a browser. Every page they see is looked at: console, foreign requests, accessibility, overflow."""

    def __init__(self, browser, base_url: str, *, device: dict, shots: Path | None = None, **context):
        self.context = browser.new_context(
            base_url=base_url, locale="de-DE", timezone_id="Europe/Berlin", reduced_motion="reduce", **device, **context
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.base_url, self.shots = base_url, shots
        self.complaints: list[str] = []
        self.page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._foreign)

    def _foreign(self, request):
        if request.url.startswith("http") and urlsplit(request.url).netloc != urlsplit(self.base_url).netloc:
            self.complaints.append(f"request to another host: {request.url}")

    def go(self, address: str):
        """Open an address and look at the page."""
        self.page.goto(address)
        self.look()

    def look(self, name: str = "") -> None:
        """Fail for an accessibility violation (serious or critical), a console error, a foreign request, a sideways scroll."""
        self.page.wait_for_load_state("load")
        axe = self._settled(lambda: Axe().run(self.page, options={"resultTypes": ["violations"]}))
        found = axe.response["violations"]
        serious = [
            f"{violation['id']}: {[node['html'][:120] for node in violation['nodes']][:3]}"
            for violation in found
            if violation["impact"] in {"serious", "critical"}
        ]
        where = self.page.url
        assert not serious, f"{where}: {serious}"
        assert not self.complaints, f"{where}: {self.complaints}"
        sizes = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        width = self._settled(lambda: self.page.evaluate(sizes))
        assert width[0] <= width[1], f"{where} scrolls sideways: {width}"
        assert self.page.locator("h1").count() == 1, f"{where} needs exactly one h1"
        if self.shots and name:
            self.page.screenshot(path=self.shots / f"{name}.png")

    def _settled(self, look):
        """What `look` says of the page; asked again where a click was still leading to the next one."""
        try:
            return look()
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            self.page.wait_for_load_state("load")
            return look()

    def reads(self, place: str = "main") -> str:
        """What stands at a place of the page."""
        return plain(self.page.locator(place).first.inner_text())

    def press(self, name: str, *, role: str = "button", exact: bool = True, refused: bool = False) -> None:
        """Press what carries that name and look at where it leads. `refused`: the answer is to be 422, which the browser
        notes in its console."""
        self.page.get_by_role(role, name=name, exact=exact).locator("visible=true").first.click()
        self.page.wait_for_load_state("load")
        if refused:
            noted = [complaint for complaint in self.complaints if "status of 422" in complaint]
            assert noted, "the answer should have been 422"
            self.complaints.remove(noted[0])
        self.look()

    def follow(self, name: str, *, exact: bool = False) -> None:
        """Follow a link by its words and look at where it leads."""
        self.press(name, role="link", exact=exact)

    def sign_in(self, address: str, password: str) -> None:
        """Through the sign-in page."""
        self.go("/konto/login/")
        self.page.get_by_label("E-Mail", exact=False).first.fill(address)
        self.page.locator("input[type=password]").fill(password)
        self.page.locator("form[method=post] button.pri").click()
        self.page.wait_for_url(re.compile(r"/$"))
        self.look()
