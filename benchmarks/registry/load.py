"""Sends HTTP requests from so many connections at once and measures each; standard library only.

    python load.py HOST PORT CONNECTIONS < requests.jsonl > latencies.json

A request is {"method", "path", "headers", "body"?}. Connections are opened before anything is measured, and kept open:
Python's own look-up of the host takes longer than many an answer. What arrives is acknowledged at once
(TCP_QUICKACK): a server that answers in two writes and has lost TCP_NODELAY would else wait 40 ms for every
acknowledgement, and what is measured here is the server's work.
"""

import json
import socket
import sys
import threading
import time

QUICKACK = getattr(socket, "TCP_QUICKACK", None)


class Connection:
    def __init__(self, host: str, port: int) -> None:
        self.place = (host, port)
        self.socket: socket.socket | None = None
        self.rest = b""

    def open(self) -> None:
        self.socket = socket.create_connection(self.place)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def ask(self, head: bytes) -> tuple[int, bytes]:
        if self.socket is None:
            self.open()
        assert self.socket
        self.socket.sendall(head)
        return self.answer()

    def more(self) -> None:
        assert self.socket
        if QUICKACK is not None:
            self.socket.setsockopt(socket.IPPROTO_TCP, QUICKACK, 1)
        chunk = self.socket.recv(1 << 20)
        if not chunk:
            raise ConnectionError("closed in the middle of an answer")
        self.rest += chunk

    def take(self, length: int) -> bytes:
        while len(self.rest) < length:
            self.more()
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def line(self) -> bytes:
        while b"\r\n" not in self.rest:
            self.more()
        line, self.rest = self.rest.split(b"\r\n", 1)
        return line

    def answer(self) -> tuple[int, bytes]:
        status = int(self.line().split()[1])
        headers: dict[bytes, bytes] = {}
        while header := self.line():
            name, value = header.split(b":", 1)
            headers[name.lower()] = value.strip().lower()
        if headers.get(b"transfer-encoding") == b"chunked":
            body = b""
            while size := int(self.line().split(b";")[0], 16):
                body += self.take(size)
                self.line()
            self.line()
        else:
            body = self.take(int(headers.get(b"content-length", b"0")))
        if headers.get(b"connection") == b"close":
            assert self.socket
            self.socket.close()
            self.socket = None
        return status, body


def bytes_of(request: dict, host: str, port: int) -> bytes:
    body = request.get("body")
    data = b"" if body is None else json.dumps(body).encode()
    headers = {"Host": f"{host}:{port}", **request.get("headers", {})}
    if body is not None:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(data))}
    lines = [f"{request['method']} {request['path']} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + data


def main() -> None:
    host, port, connections = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    requests = [bytes_of(json.loads(line), host, port) for line in sys.stdin]
    queue = iter(requests)
    lock = threading.Lock()
    latencies: list[float] = []
    failures: list[str] = []

    opened = [Connection(host, port) for _ in range(connections)]
    for connection in opened:
        connection.open()

    def work(connection: Connection) -> None:
        # A server has more to do for the first of a connection than for those that follow.
        is_first = True
        while True:
            with lock:
                request = next(queue, None)
            if request is None:
                return
            begun = time.perf_counter()
            status, body = connection.ask(request)
            if not is_first:
                latencies.append((time.perf_counter() - begun) * 1000)
            is_first = False
            if status != 200:
                failures.append(f"{status} {body[:300]!r}")

    threads = [threading.Thread(target=work, args=(connection,)) for connection in opened]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "latenciesMs": sorted(latencies), "failures": failures}))


main()
