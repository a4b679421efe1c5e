"""A flood from very many networks: python -m tests.benchmarks.flood ADDRESS SECONDS A_SECOND

Prints how often each kind of request was answered how: {"code 429": 12, …}. Requests begin at their
moments, whether or not the ones before were answered.
"""

import http.client
import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from urllib.parse import urlencode

CONNECTIONS = 32
TOKEN = "a" * 32  # a cookie and a header that say the same pass for a form of ours
CHECK = {"local": "no", "has_home": "no", "degree": "bachelor", "purpose": "interview"}
KINDS = {
    "pre-check": ("GET", "/check/?" + urlencode({**CHECK, "graduation_date": "2025-07-01"})),
    "free nights": ("GET", "/apply/stay/"),
    "code": ("POST", "/accounts/login/code/"),
}


def send(address, moment, kind, network, phone):
    time.sleep(max(0, moment - time.monotonic()))
    method, path = KINDS[kind]
    headers = {"X-Forwarded-For": network, "Cookie": f"csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = urlencode({"phone": phone}) if method == "POST" else None
    connection = http.client.HTTPConnection(address, timeout=60)
    try:
        connection.request(method, path, body, headers)
        return f"{kind} {connection.getresponse().status}"
    except OSError:
        return f"{kind} lost"
    finally:
        connection.close()


def flood(address, seconds, a_second):
    dice, start = Random(1), time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        sent = [
            threads.submit(
                send,
                address,
                start + n / a_second,
                dice.choice(list(KINDS)),
                f"{dice.randrange(1, 200)}.{dice.randrange(256)}.{dice.randrange(256)}.1",
                f"139{dice.randrange(10**8):08}",
            )
            for n in range(int(seconds * a_second))
        ]
        return Counter(one.result() for one in sent)


if __name__ == "__main__":
    print(json.dumps(flood(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))))
