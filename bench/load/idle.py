"""Opens COUNT connections to PORT, one request on each, and holds them until stdin ends.

Prints `open` when all are; then, when stdin ends, how many are still open.
"""
import resource
import select
import signal
import socket
import sys

port, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

request = f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


def answered(connection):
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536) or sys.exit("closed before an answer")
    head, body = answer.split(b"\r\n\r\n", 1)
    if not head.startswith(b"HTTP/1.1 200"):
        sys.exit(f"answered {head.splitlines()[0]!r}")
    length = next(int(line.split(b":")[1]) for line in head.lower().splitlines()
                  if line.startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65536) or sys.exit("closed within an answer")


signal.alarm(120)  # ends this process when opening takes longer
connections = []
for number in range(count):
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(request)
    answered(connection)
    connections.append(connection)

signal.alarm(0)
print("open", flush=True)
sys.stdin.read()
poll = select.poll()
for connection in connections:
    poll.register(connection, select.POLLIN)
print(count - len(poll.poll(0)), flush=True)
