"""The tax office on this machine: an HTTP server that plays answers as its interface gives them (recorded/evatr.json)."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RECORDED = json.loads((Path(__file__).parent / "recorded" / "evatr.json").read_text())


class Office:
    """`heard` are (path, headers, body) of the questions, newest last; it answers what `plays` says: a name of RECORDED, or
    bytes.
    """

    def __init__(self):
        office = self
        self.heard, self.plays, self.sends_to = [], "agrees", ""

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                office.heard.append((self.path, dict(self.headers), json.loads(body)))
                if office.sends_to:
                    self.send_response(307)
                    self.send_header("Location", office.sends_to)
                    self.end_headers()
                    return
                known = RECORDED.get(office.plays) if isinstance(office.plays, str) else None
                content = json.dumps(known["said"]).encode() if known else office.plays
                self.send_response(known["http"] if known else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
