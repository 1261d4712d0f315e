"""A service whose copies can be made to differ: python3 faulty.py PORT FAULT_FILE

POST appends a line and answers with its number and all of it; while FAULT_FILE exists, a POST to
/differs or below removes it and answers with one byte changed; no other path does, as a copy may lag when the file is made.
GET /clock answers with the machine's clock.
"""
import http.server, os, sys, time

lines, fault = [], sys.argv[2]


class Faulty(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, body):
        self.send_response_only(status)
        # Differs between copies, and is not compared.
        self.send_header("Date", self.date_time_string(time.time() + os.getpid()))
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/clock":
            return self.reply(200, str(time.time_ns()).encode())
        self.reply(200, str(len(lines)).encode())

    def do_POST(self):
        lines.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        body = bytearray(b"line %d is %s" % (len(lines), lines[-1]))
        if self.path.startswith("/differs") and os.path.exists(fault):
            os.remove(fault)
            body[-1] ^= 1
        self.reply(200, bytes(body))

    def log_message(self, *args):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Faulty).serve_forever()
