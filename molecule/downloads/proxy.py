# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy that misbehaves at its first requests: it hangs up, answers 503, says nothing, or cuts a transfer in its middle. Then it works.

Usage: proxy.py PORT REQUESTS    how many of each method go wrong, of GET (apt) and of CONNECT (uv); it serves loopback alone, and
                                 ends after an hour
"""

import collections
import http.client
import http.server
import itertools
import select
import socket
import sys
import threading
import time
import urllib.parse

WAYS = ("hang up", "503", "silence", "cut")
SILENCE = 45  # seconds, longer than clients wait
HOUR = 3600
lock, numbers = threading.Lock(), collections.defaultdict(itertools.count)


def way(method):
    """How the next request of this method goes wrong, or None."""
    with lock:
        number = next(numbers[method])
    return WAYS[number % len(WAYS)] if number < int(sys.argv[2]) else None


class Proxy(http.server.BaseHTTPRequestHandler):
    def go_wrong(self, how):
        """Whether that was all."""
        print(how, self.command, self.path, flush=True)
        if how == "503":
            self.send_error(503)
        elif how == "silence":
            time.sleep(SILENCE)  # that is what it does wrong
        self.close_connection = True
        return how != "cut"

    def do_GET(self):
        how = way(self.command)
        if how and self.go_wrong(how):
            return
        asked = urllib.parse.urlsplit(self.path)
        upstream = http.client.HTTPConnection(asked.netloc, timeout=60)
        headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        upstream.request("GET", urllib.parse.urlunsplit(("", "", asked.path, asked.query, "")), headers=headers | {"Connection": "close"})
        answer = upstream.getresponse()
        content = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:len(content) // 2] if how else content)

    def do_CONNECT(self):
        how = way(self.command)
        if how and self.go_wrong(how):
            return
        host, port = self.path.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=60) as upstream:
            self.send_response_only(200)
            self.end_headers()
            self.tunnel(upstream, 20000 if how else None)
        self.close_connection = True

    def tunnel(self, upstream, most):
        """Passes on what both say, or cuts it after so many bytes."""
        passed = 0
        while most is None or passed < most:
            ready = select.select([self.connection, upstream], [], [], 60)[0]
            for one in ready:
                said = one.recv(65536)
                if not said:
                    return
                passed += len(said)
                (upstream if one is self.connection else self.connection).sendall(said)
            if not ready:
                return

    def log_message(self, *_arguments):
        pass


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Proxy)
    threading.Timer(HOUR, server.shutdown).start()
    server.serve_forever()
