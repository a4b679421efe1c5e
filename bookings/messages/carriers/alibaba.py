"""Alibaba Cloud's SMS, action SendSms of 2017-05-25, signed by ACS3-HMAC-SHA256.

https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from bookings.core.clock import now
from bookings.messages.carriers.gateway import post
from bookings.messages.carriers.letter import Later, Letter, Never, Untaken, fillings, template_of
from bookings.messages.models import Reason

ENDPOINT = "https://dysmsapi.aliyuncs.com"
ALGORITHM = "ACS3-HMAC-SHA256"

# how a code begins → why, and whether another try can help
REFUSALS: list[tuple[str, type[Untaken], Reason]] = [
    ("isv.MOBILE_", Never, Reason.ADDRESS),
    ("isv.SMS_TEMPLATE", Never, Reason.TEMPLATE),
    ("isv.SMS_SIGN", Never, Reason.TEMPLATE),
    ("isv.TEMPLATE_", Never, Reason.TEMPLATE),
    ("isv.INVALID_", Never, Reason.TEMPLATE),
    ("isv.PARAM_", Never, Reason.TEMPLATE),
    ("isv.BLACK_KEY_", Never, Reason.TEMPLATE),
    ("isv.BUSINESS_LIMIT", Later, Reason.BUSY),
    ("isv.DAY_LIMIT", Later, Reason.BUSY),
    ("isv.MONTH_LIMIT", Later, Reason.BUSY),
    ("Throttling", Later, Reason.BUSY),
    ("isp.RAM_", Later, Reason.ACCOUNT),
    ("isp.", Later, Reason.BUSY),
    ("isv.AMOUNT_", Later, Reason.ACCOUNT),
    ("isv.OUT_OF_SERVICE", Later, Reason.ACCOUNT),
    ("isv.ACCOUNT_", Later, Reason.ACCOUNT),
    ("isv.PRODUCT_", Later, Reason.ACCOUNT),
    ("InvalidAccessKey", Later, Reason.ACCOUNT),
    ("InvalidTimeStamp", Later, Reason.ACCOUNT),
    ("Signature", Later, Reason.ACCOUNT),
    ("IncompleteSignature", Later, Reason.ACCOUNT),
    ("Forbidden", Later, Reason.ACCOUNT),
]


def send(letter: Letter) -> str:
    """The gateway's BizId. `OutId` comes back in its reports; it keeps no double away.

    Errors: Later, Never.
    """
    query = {
        "PhoneNumbers": letter.to.removeprefix("+86").removeprefix("+"),
        "SignName": settings.SMS_SIGNATURE,
        "TemplateCode": template_of(letter, settings.SMS_TEMPLATES),
        "TemplateParam": json.dumps(fillings(letter), ensure_ascii=False),
        "OutId": letter.key,
    }
    endpoint = settings.SMS_ENDPOINT or ENDPOINT
    headers = {
        "host": urlsplit(endpoint).netloc,
        "x-acs-action": "SendSms",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": f"{now():%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-version": "2017-05-25",
    }
    key, secret = settings.SMS_ACCESS_KEY, settings.SMS_ACCESS_SECRET
    headers["Authorization"] = authorization(key, secret, query, headers)
    answer = post(f"{endpoint}/?{urlencode(query, quote_via=quote, safe='~')}", b"", headers)
    if answer.get("Code") != "OK":
        raise _refusal(str(answer.get("Code", "")))
    return str(answer.get("BizId", ""))


def authorization(
    key: str, secret: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """The header that signs a POST to `/` without a body; `headers` are lower case, all signed."""
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            *["POST", "/", urlencode(sorted(query.items()), quote_via=quote, safe="~")],
            *[f"{name}:{headers[name].strip()}" for name in sorted(headers)],
            *["", names, headers["x-acs-content-sha256"]],
        ]
    )
    said = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key},SignedHeaders={names},Signature={signature}"


def _refusal(code: str) -> Untaken:
    for start, kind, reason in REFUSALS:
        if code.startswith(start):
            return kind(reason)
    return Later(Reason.UNKNOWN)
