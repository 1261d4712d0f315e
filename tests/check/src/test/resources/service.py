"""A service of a dozen lines with one fault, which the second argument names. The first one is its port."""

import os
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

port, fault = int(sys.argv[1]), sys.argv[2]
seen = 0


def answer(number, handler):
    if fault == "clock":
        return '{"now": %.3f, "n": %d}' % (time.time(), number)
    if fault == "random":
        return '{"id": "%s"}' % uuid.uuid4()
    if fault == "order":
        return ", ".join({"apple", "banana", "cherry", "damson", "elder", "fig", "grape"})
    if fault == "port":
        return '{"self": "http://127.0.0.1:%d/%d"}' % (port, number)
    if fault == "carried":
        with open(sys.argv[3], "a+") as file:
            file.write("x")
            return '{"count": %d}' % file.tell()
    if fault == "dies" and number == 30:
        print("out of luck", flush=True)
        os._exit(3)
    if fault == "hangs" and number == 30:
        time.sleep(60)
    return "%d %s" % (number, handler.headers["Hermes-Time"])


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        global seen
        seen += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = answer(seen, self).encode()
        self.send_response(200)
        if fault == "header":
            self.send_header("X-Served-At", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_POST = do_HEAD = do_GET

    def log_message(self, *args):
        pass


if fault == "start":
    sys.exit("no database at 10.0.0.1")
HTTPServer(("127.0.0.1", port), Service).serve_forever()
