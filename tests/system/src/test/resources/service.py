"""A small stateful service that knows nothing of Hermes: python3 service.py PORT"""
import gzip, http.server, json, sys

notes, visits = [], {"n": 0}


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, body=b"", **headers):
        self.send_response_only(status)
        for name, value in headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name.replace("_", "-"), one)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)

    def do_GET(self):
        if self.path == "/notes":
            tag = '"%d"' % len(notes)
            if self.headers.get("If-None-Match") == tag:
                return self.reply(304, ETag=tag)
            return self.reply(200, json.dumps(notes).encode(), ETag=tag, Content_Type="application/json; charset=UTF-8")
        if self.path == "/state":
            return self.reply(200, json.dumps({"notes": notes, "visits": visits}).encode())
        if self.path == "/visit":
            visits["n"] += 1
            return self.reply(200, b"hello", Set_Cookie=["visit=%d; Path=/" % visits["n"], "seen=yes; HttpOnly"])
        if self.path == "/zip":
            return self.reply(200, gzip.compress(b"zipped " * 100, mtime=0), Content_Encoding="gzip")
        if self.path == "/old":
            return self.reply(302, b"moved", Location="/notes")
        if self.path == "/boom":
            return self.reply(500, b"own failure", X_Reason="asked for")
        if self.path == "/none":
            return self.reply(204)
        if self.path.startswith("/echo"):
            seen = {name: value for name, value in self.headers.items()}
            return self.reply(200, json.dumps({"path": self.path, "headers": seen}).encode())
        self.reply(404, b"no " + self.path.encode(), X_Kind="absent")

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        notes.append(body.decode("latin-1"))
        self.reply(201, str(len(notes)).encode(), Location="/notes/%d" % len(notes))

    def do_PUT(self):
        state = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        notes[:], visits["n"] = state["notes"], state["visits"]["n"]
        self.reply(204)

    def log_message(self, *args):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
