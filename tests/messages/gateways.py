"""Stand-ins for the vendors on loopback: they reckon each signature anew and answer as they would."""

import hashlib
import hmac
import json
import re
import time
from calendar import timegm
from collections import deque
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, quote, urlsplit

KEY, SECRET = "test-key", "test-secret"
SKEW = 300  # seconds that a request's clock may be off


def sha256(text):
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()


def canonical(method, query, headers, names, body):
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    line = "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in pairs)
    signed = "".join(f"{name}:{headers[name].strip()}\n" for name in names.split(";"))
    return f"{method}\n/\n{line}\n{signed}\n{names}\n{sha256(body)}"


def alibaba(asked):
    """What is wrong with a request, as Alibaba Cloud names it, or an answer."""
    said = re.fullmatch(
        r"ACS3-HMAC-SHA256 Credential=(.+),SignedHeaders=(.+),Signature=(.+)",
        asked.headers["authorization"],
    )
    key, names, signature = said.groups()
    text = canonical("POST", asked.query, asked.headers, names, asked.body)
    right = hmac.new(SECRET.encode(), f"ACS3-HMAC-SHA256\n{sha256(text)}".encode(), "sha256")
    moment = timegm(time.strptime(asked.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ"))
    if key != KEY:
        return 404, {"Code": "InvalidAccessKeyId.NotFound"}
    if signature != right.hexdigest():
        return 400, {"Code": "SignatureDoesNotMatch"}
    if abs(moment - asked.clock()) > SKEW:
        return 400, {"Code": "InvalidTimeStamp.Expired"}
    return 200, {"Code": "OK", "BizId": "900619746936498440^0"}


def tencent(asked):
    said = re.fullmatch(
        r"TC3-HMAC-SHA256 Credential=([^/]+)/([^/]+)/sms/tc3_request, "
        r"SignedHeaders=(.+), Signature=(.+)",
        asked.headers["authorization"],
    )
    key, day, names, signature = said.groups()
    headers = {**asked.headers, "x-tc-action": asked.headers["x-tc-action"].lower()}
    stamp = asked.headers["x-tc-timestamp"]
    text = canonical("POST", asked.query, headers, names, asked.body)
    said = f"TC3-HMAC-SHA256\n{stamp}\n{day}/sms/tc3_request\n{sha256(text)}"
    signing = f"TC3{SECRET}".encode()
    for step in (day, "sms", "tc3_request"):
        signing = hmac.new(signing, step.encode(), "sha256").digest()
    if key != KEY:
        return 200, {"Response": {"Error": {"Code": "AuthFailure.SecretIdNotFound"}}}
    if signature != hmac.new(signing, said.encode(), "sha256").hexdigest():
        return 200, {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure"}}}
    if abs(int(stamp) - asked.clock()) > SKEW:
        return 200, {"Response": {"Error": {"Code": "AuthFailure.SignatureExpire"}}}
    return 200, {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "5000:1045710669157"}]}}


def wechat(asked):
    if "stable_token" in asked.path:
        sent = json.loads(asked.body)
        if (sent["appid"], sent["secret"]) != (KEY, SECRET):
            return 200, {"errcode": 40125}
        return 200, {"access_token": "a-token", "expires_in": 7200}
    if "access_token=a-token" not in asked.query:
        return 200, {"errcode": 40001}
    return 200, {"errcode": 0, "errmsg": "ok", "msgid": 42}


class Gateway:
    """`asked` keeps what came; `then` holds what to answer instead, once each (None: hang up)."""

    def __init__(self, vendor, clock):
        self.vendor, self.clock = vendor, clock
        self.asked, self.then = [], deque()

    def answer(self, handler):
        split = urlsplit(handler.path)
        self.path, self.query = split.path, split.query
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))
        self.asked.append({**dict(parse_qsl(self.query)), "path": self.path, "body": self.body})
        status, told = self.vendor(self)
        if self.then and status == 200:
            return self.then.popleft()
        return status, told


@contextmanager
def gateway(vendor, clock):
    one = Gateway(vendor, clock)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            answer = one.answer(self)
            if answer is None:
                self.close_connection = True
                return
            status, told = answer
            sent = told if isinstance(told, bytes) else json.dumps(told).encode()
            with suppress(ConnectionError):  # who asked did not wait
                self.send_response(status)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    one.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
