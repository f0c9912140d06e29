"""Reads request bodies of any length on PORT and answers with how many bytes came."""
import socketserver
import sys
from http.server import BaseHTTPRequestHandler


class Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        buffer = memoryview(bytearray(1 << 18))
        length = int(self.headers["Content-Length"])
        left = length
        while left:
            got = self.rfile.readinto(buffer[:min(left, len(buffer))])
            if not got:
                raise ConnectionError(f"{left} bytes are missing")
            left -= got
        answer = str(length).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Sink).serve_forever()
