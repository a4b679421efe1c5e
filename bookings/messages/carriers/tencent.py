"""Tencent Cloud's SMS, action SendSms of 2021-01-11, signed by TC3-HMAC-SHA256.

https://cloud.tencent.com/document/api/382/52072 (signature), …/55981 (SendSms and its codes)
"""

import datetime as dt
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from bookings.core.clock import now
from bookings.messages.carriers.gateway import post
from bookings.messages.carriers.letter import Later, Letter, Never, Untaken, fillings, template_of
from bookings.messages.kinds import KINDS
from bookings.messages.models import Reason

ENDPOINT = "https://sms.tencentcloudapi.com"
ALGORITHM = "TC3-HMAC-SHA256"
MEDIA = "application/json; charset=utf-8"

# how a code begins → why, and whether another try can help
REFUSALS: list[tuple[str, type[Untaken], Reason]] = [
    ("InvalidParameterValue.IncorrectPhoneNumber", Never, Reason.ADDRESS),
    ("FailedOperation.PhoneNumberInBlacklist", Never, Reason.BLOCKED),
    ("FailedOperation.Template", Never, Reason.TEMPLATE),
    ("FailedOperation.MissingTemplate", Never, Reason.TEMPLATE),
    ("FailedOperation.MissingSignature", Never, Reason.TEMPLATE),
    ("FailedOperation.Signature", Never, Reason.TEMPLATE),
    ("FailedOperation.ContainSensitiveWord", Never, Reason.TEMPLATE),
    ("InvalidParameterValue.SdkAppId", Later, Reason.ACCOUNT),
    ("InvalidParameterValue.", Never, Reason.TEMPLATE),
    ("FailedOperation.InsufficientBalance", Later, Reason.ACCOUNT),
    ("AuthFailure", Later, Reason.ACCOUNT),
    ("UnauthorizedOperation", Later, Reason.ACCOUNT),
    ("UnsupportedOperation", Later, Reason.ACCOUNT),
    ("LimitExceeded", Later, Reason.BUSY),
    ("RequestLimitExceeded", Later, Reason.BUSY),
    ("InternalError", Later, Reason.BUSY),
]


def send(letter: Letter) -> str:
    """The gateway's SerialNo. `SessionContext` comes back in its reports; it keeps no double away.

    Errors: Later, Never.
    """
    filled = fillings(letter)
    asked = {
        "PhoneNumberSet": [letter.to],
        "SmsSdkAppId": settings.SMS_APP_ID,
        "SignName": settings.SMS_SIGNATURE,
        "TemplateId": template_of(letter, settings.SMS_TEMPLATES),
        "TemplateParamSet": [filled.get(name, "") for name in KINDS[letter.kind].parameters],
        "SessionContext": letter.key,
    }
    body, moment = json.dumps(asked).encode(), now()
    endpoint = settings.SMS_ENDPOINT or ENDPOINT
    host, key, secret = (
        urlsplit(endpoint).netloc,
        settings.SMS_ACCESS_KEY,
        settings.SMS_ACCESS_SECRET,
    )
    headers = {
        "Content-Type": MEDIA,
        "X-TC-Action": "SendSms",
        "X-TC-Version": "2021-01-11",
        "X-TC-Region": settings.SMS_REGION,
        "X-TC-Timestamp": f"{int(moment.timestamp())}",
        "Authorization": authorization(
            key, secret, host=host, service="sms", action="SendSms", body=body, moment=moment
        ),
    }
    return _receipt(post(f"{endpoint}/", body, headers).get("Response") or {})


def authorization(
    key: str,
    secret: str,
    *,
    host: str,
    service: str,
    action: str,
    body: bytes,
    moment: dt.datetime,
) -> str:
    """The header that signs a POST of JSON to `/`."""
    day = f"{moment.astimezone(dt.UTC):%Y-%m-%d}"
    names, scope = "content-type;host;x-tc-action", f"{day}/{service}/tc3_request"
    headers = [f"content-type:{MEDIA}", f"host:{host}", f"x-tc-action:{action.lower()}"]
    canonical = "\n".join(["POST", "/", "", *headers, "", names, _hash(body)])
    said = "\n".join([ALGORITHM, f"{int(moment.timestamp())}", scope, _hash(canonical.encode())])
    signing = f"TC3{secret}".encode()
    for step in (day, service, "tc3_request"):
        signing = hmac.digest(signing, step.encode(), "sha256")
    signature = hmac.new(signing, said.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _receipt(answer: dict[str, Any]) -> str:
    (told,) = answer.get("SendStatusSet") or [answer.get("Error") or {}]
    if told.get("Code") != "Ok":
        raise _refusal(str(told.get("Code", "")))
    return str(told.get("SerialNo", ""))


def _refusal(code: str) -> Untaken:
    for start, kind, reason in REFUSALS:
        if code.startswith(start):
            return kind(reason)
    return Later(Reason.UNKNOWN)
