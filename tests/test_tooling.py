"""What everybody starts with: the locks, the set-up, the image and the compose file."""

import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def load(name):
    """A script of bin/ as a module."""
    loader = SourceFileLoader(f"bin_{name}", str(ROOT / "bin" / name))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def setup():
    return load("setup")


# --- locks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_no_address(lock):
    assert [line for line in (ROOT / lock).read_text().splitlines() if "://" in line or "@ " in line] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_a_hash(lock):
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]

    assert len(entries) > 50
    assert [e for e in entries if not re.match(r"[a-z0-9.\[\]_-]+==\S+", e) or "--hash=sha256:" not in e] == []


def test_the_dev_lock_holds_the_same_versions_as_the_runtime_lock():
    """So what is tested is what runs."""
    runtime, dev = (set(re.findall(r"^([a-z0-9._-]+==\S+)", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS)

    assert runtime - dev == set()


# --- bin/ ---------------------------------------------------------------------------------------------------------------


def test_scripts_are_executable():
    scripts = [path for path in (ROOT / "bin").iterdir() if path.is_file()] + [ROOT / ".ci" / "run"]

    assert [path.name for path in scripts if not os.access(path, os.X_OK)] == []
    assert {"setup", "demo", "test", "check", "translations", "run"} <= {path.name for path in scripts}


def test_setup_names_the_packages_of_missing_libraries(setup, monkeypatch):
    monkeypatch.setattr(setup, "has_library", lambda name: False)

    assert setup.missing_packages(dev=False) == ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]


def test_setup_asks_for_a_browser_and_gettext_only_for_development(setup, monkeypatch):
    monkeypatch.setattr(setup, "has_library", lambda name: True)
    monkeypatch.setattr(setup.shutil, "which", lambda program: None)

    assert setup.missing_packages(dev=False) == []
    assert setup.missing_packages(dev=True) == ["chromium-headless-shell", "gettext"]


def test_setup_asks_for_venv_where_debian_left_it_out(setup, monkeypatch):
    monkeypatch.setattr(setup, "has_library", lambda name: True)
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)

    assert setup.missing_packages(dev=False) == ["python3-venv"]


def test_setup_without_root_says_the_exact_command_and_stops(setup, monkeypatch):
    monkeypatch.setattr(setup.shutil, "which", lambda program: "/usr/bin/apt-get" if program == "apt-get" else None)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as stop:
        setup.install_packages(["libpango-1.0-0", "chromium-headless-shell"])

    assert str(stop.value) == (
        "Please run this, then start again:\n\n"
        "    sudo apt-get install -y --no-install-recommends libpango-1.0-0 chromium-headless-shell\n"
    )


def test_setup_where_there_is_no_apt_names_the_packages(setup, monkeypatch):
    monkeypatch.setattr(setup.shutil, "which", lambda program: None)

    with pytest.raises(SystemExit, match=r"libpango-1\.0-0 chromium-headless-shell$"):
        setup.install_packages(["libpango-1.0-0", "chromium-headless-shell"])


def test_setup_finds_a_library_or_not(setup):
    assert setup.has_library("libc.so.6")
    assert not setup.has_library("libof-another-world.so.1")


def test_setup_installs_again_when_a_lock_changed_or_the_folder_moved(setup, monkeypatch, tmp_path):
    for name in LOCKS:
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(setup, "LOCK", tmp_path / LOCKS[0])
    monkeypatch.setattr(setup, "DEV_LOCK", tmp_path / LOCKS[1])
    monkeypatch.setattr(setup, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(setup, "STAMP", tmp_path / "stamp")

    assert not setup.is_installed(dev=False)
    setup.STAMP.write_text(setup.stamp(dev=False))
    assert setup.is_installed(dev=False) and not setup.is_installed(dev=True)
    setup.STAMP.write_text(setup.stamp(dev=True))
    assert setup.is_installed(dev=False) and setup.is_installed(dev=True)

    monkeypatch.setattr(setup, "VENV", tmp_path / "moved")
    assert not setup.is_installed(dev=True)
    monkeypatch.undo()
    monkeypatch.setattr(setup, "LOCK", tmp_path / LOCKS[0])
    monkeypatch.setattr(setup, "STAMP", tmp_path / "stamp")
    setup.LOCK.write_text("changed==1\n")
    assert not setup.is_installed(dev=True)


def test_setup_takes_uv_itself_from_the_lock(setup):
    requirement = setup.uv_requirement()

    assert re.match(r"uv==\d", requirement)
    assert set(re.findall(r"^\S+==", requirement, re.MULTILINE)) == {"uv=="}
    assert "--hash=sha256:" in requirement and not requirement.rstrip().endswith("\\")


def test_demo_says_which_port_is_free_when_its_own_is_taken(monkeypatch):
    demo = load("demo")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        with pytest.raises(demo.Failed, match=rf"Port {port} is taken(.|\n)*PORT=\d+ bin/demo"):
            demo.chosen_port()


@pytest.mark.parametrize("text", ["", "abc", "0", "65536", "-1", "80 "])
def test_demo_refuses_what_is_no_port(monkeypatch, text):
    demo = load("demo")
    monkeypatch.setenv("PORT", text)

    with pytest.raises(demo.Failed, match="is not a port"):
        demo.chosen_port()


def test_two_demos_do_not_share_one_data_folder(tmp_path):
    first, second = load("demo"), load("demo")

    refused = pytest.raises(second.Failed, match=rf"already runs .*process {os.getpid()}")
    with first.hold(tmp_path), refused, second.hold(tmp_path):
        pass
    with second.hold(tmp_path):
        pass


def test_demo_stops_everything_and_says_which_process_died(tmp_path, monkeypatch):
    demo = load("demo")
    monkeypatch.setattr(demo, "LOGS", tmp_path)
    children = demo.Children()
    children.start("web", sys.executable, "-c", "import time; time.sleep(60)")
    children.start("worker", sys.executable, "-c", "raise SystemExit('no broker')")
    children.running["worker"].wait(20)

    with pytest.raises(demo.Failed, match=r"The worker process ended \(code 1\)\.\nno broker"):
        children.check()
    children.stop()

    assert children.running["web"].returncode == -signal.SIGTERM


def test_check_sees_what_the_content_security_policy_would_block(tmp_path, monkeypatch):
    check = load("check")
    monkeypatch.setattr(check, "ROOT", tmp_path)
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text(
        "<p style='color: red'>\n<a onclick='x()'>\n<script>x()</script>\n<style>p {}</style>\n"
        "<a href='javascript:x()'>\n<img src='https://elsewhere.example/a.png'>\n"
        "{# <p style='of a comment'> #}<!-- <script>too</script> -->\n"
        "<script src='/static/js/ok.js' type='module'></script><a href='https://elsewhere.example'>fine</a>"
    )

    assert sorted(check.inline_in_templates()) == [
        "templates/page.html:1: inline style",
        "templates/page.html:2: inline event handler",
        "templates/page.html:3: inline script",
        "templates/page.html:4: inline style",
        "templates/page.html:5: javascript: address",
        "templates/page.html:6: something loaded from elsewhere",
    ]


def test_bench_counts_the_rounds_after_the_first_and_says_what_misses_its_bar(capsys):
    bench = load("bench")
    assert bench.percentile([5, 1, 3], 50) == 3 and bench.percentile(list(range(1, 101)), 95) == 95
    rounds = []
    watch = bench.Stopwatch(4, only="totals")
    watch.measure("pdf_1_page", rounds.append)
    watch.measure("editor_totals", rounds.append)
    assert rounds == [0, 0, 1, 2, 3, 4] and list(watch.found) == ["editor_totals"]
    slow = {"n": 1, "p50": 151.0, "p95": 151.0, "max": 151.0, "cpu": 9.0, "bar": 150}
    assert bench.row("editor_totals", slow).endswith("misses its bar")


def test_bench_posts_what_the_editors_page_holds():
    form = load("bench").Form()
    form.feed(
        "<form><input type=hidden name=rows value=z1><input name=z1-text value='Eiche &amp; Birke'>"
        "<input type=checkbox name=z1-is_optional><input type=radio name=default-x value=z1 checked>"
        "<select name=mode><option value=net><option value=gross selected></select>"
        "<textarea name=intro>Guten Tag</textarea><template><input name=rows value=ZEILE></template></form>"
    )
    assert form.rows == ["z1"]
    assert form.fields == {"z1-text": "Eiche & Birke", "default-x": "z1", "mode": "gross", "intro": "Guten Tag"}


# --- the demo's mailbox -------------------------------------------------------------------------------------------------


def test_mail_catcher_keeps_each_mail_as_it_came(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "config.mail_catcher", str(tmp_path / "mails"), str(port)]
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "Grüße vom Dachdecker", "Anna Müller <anna@example.de>"
    mail.set_content("Guten Tag,\n.\nein Punkt allein beendet nichts: äöü €")
    with subprocess.Popen(command, cwd=ROOT) as catcher:
        try:
            with connect(port) as smtp:
                smtp.send_message(mail, "post@example.de", ["anna@example.de", "../blind@example.de"])
        finally:
            catcher.terminate()

    assert catcher.returncode == 0
    (path,) = (tmp_path / "mails").iterdir()
    assert re.fullmatch(r"\d{8}-\d{6}-\d{6}-0001-anna@example\.de\.eml", path.name)
    kept = path.read_bytes().replace(b"\r\n", b"\n")
    assert kept == (
        b"X-Envelope-From: post@example.de\nX-Envelope-To: anna@example.de, ../blind@example.de\n" + mail.as_bytes()
    )


def connect(port):
    """To a server that is still starting."""
    for _ in range(100):
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=10)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise TimeoutError("the mail catcher did not start")


# --- production ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_starts_the_whole_house(compose):
    assert set(compose["services"]) == {"web", "worker", "beat", "migrate", "postgres", "redis", "mailpit"}
    assert set(compose["volumes"]) == {"media", "postgres", "redis"}
    assert compose["services"]["postgres"]["image"].startswith("postgres:15")
    assert compose["services"]["redis"]["image"].startswith("redis:7")


def test_compose_refuses_to_start_without_secrets(compose):
    environment = compose["services"]["web"]["environment"]

    assert environment["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert "${POSTGRES_PASSWORD:?" in environment["DATABASE_URL"]
    assert not re.search(r"(KEY|PASSWORD):-", (ROOT / "docker-compose.yml").read_text())


def test_compose_publishes_ports_on_this_machine_alone(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]

    assert len(ports) == 2
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_service_that_stays_says_whether_it_is_well(compose):
    """The web service has its health check in the image."""
    silent = [name for name, service in compose["services"].items() if "healthcheck" not in service]

    assert silent == ["web"]
    assert "\nHEALTHCHECK " in (ROOT / "Dockerfile").read_text()


def test_images_are_named_without_a_host(compose):
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert [image for image in images if "." in image.split("/")[0].split(":")[0]] == []
    assert [image for image in images if image.endswith(":latest")] == []


def test_the_image_runs_as_an_ordinary_user_and_has_no_build_tools():
    final = (ROOT / "Dockerfile").read_text().split("\nFROM ")[-1]
    users = re.findall(r"^USER (\S+)", final, re.MULTILINE)

    assert users == ["handschlag"]
    assert final.index("\nUSER ") < final.index("\nCMD ")
    assert not re.search(r"gcc|build-essential|-dev\b", final)


def test_image_and_setup_install_the_same_libraries(setup):
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert [package for package in setup.LIBRARIES.values() if package not in dockerfile] == []
