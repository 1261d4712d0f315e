"""A service with a bug: a body "poison" ends it, every time. python3 crashing.py PORT"""
import http.server, os, sys


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if body == b"poison":
            os._exit(3)
        with open("operations.log", "ab") as lines:
            lines.write(body + b"\n")
        self.send_response_only(200)
        self.send_header("Content-Length", "7")
        self.end_headers()
        self.wfile.write(b"written")


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
