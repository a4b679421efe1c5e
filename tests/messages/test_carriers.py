"""Each carrier against a stand-in of its vendor, and its signature against the vendor's own example."""

import datetime as dt
import json
import logging
import smtplib
import time

import pytest

from bookings.messages.carriers import Later, Letter, Never, alibaba, email, tencent, wechat
from bookings.messages.models import Reason
from tests.messages import gateways

TO = "+8613900000001"
LETTER = Letter(
    key="remind:1",
    kind="remind",
    language="en",
    to=TO,
    subject="青年驿站",
    text="Youth Station: your bed …",
    params={
        "link": "http://127.0.0.1:8000/applications/1/",
        "until": "2026年7月1日 22:00",
        "station": "示例驿站 & co*",
        "phone": "0537-0000001",
    },
)


@pytest.fixture
def gateway(settings):
    """A stand-in of a vendor, and the settings that lead to it."""
    settings.SITE_URL = "http://127.0.0.1:8000"
    settings.SMS_ACCESS_KEY = settings.WECHAT_APP_ID = gateways.KEY
    settings.SMS_ACCESS_SECRET = settings.WECHAT_APP_SECRET = gateways.SECRET
    settings.SMS_APP_ID, settings.SMS_SIGNATURE = "1400000000", "示例驿站"
    settings.SMS_TEMPLATES = {"remind": {"zh-hans": "SMS_1", "en": "SMS_2"}}
    data = {"thing1": "station", "time2": "until"}
    settings.WECHAT_TEMPLATES = {"remind": {"id": "T1", "data": data}}
    vendor = [gateways.alibaba]
    with gateways.gateway(lambda asked: vendor[0](asked), time.time) as one:
        settings.SMS_ENDPOINT = settings.WECHAT_ENDPOINT = one.address

        def be(which):
            vendor[0] = which
            return one

        yield be


# --- the vendors' published examples --------------------------------------------------------------


def test_alibabas_own_example_of_a_signature():
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": gateways.sha256(""),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    image = "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"
    query = {"RegionId": "cn-shanghai", "ImageId": image}

    signed = alibaba.authorization("YourAccessKeyId", "YourAccessKeySecret", query, headers)

    assert signed.rpartition("Signature=")[2] == (
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencents_own_example_of_a_signature():
    body = (
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    )

    signed = tencent.authorization(
        "AKID" + "*" * 32,
        "*" * 32,
        host="cvm.tencentcloudapi.com",
        service="cvm",
        action="DescribeInstances",
        body=body,
        moment=dt.datetime.fromtimestamp(1551113065, dt.UTC),
    )

    assert signed.rpartition("Signature=")[2] == (
        "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    )


# --- Alibaba Cloud --------------------------------------------------------------------------------


def test_alibaba_takes_a_letter(gateway):
    one = gateway(gateways.alibaba)

    assert alibaba.send(LETTER) == "900619746936498440^0"

    asked = one.asked[0]
    names = ["PhoneNumbers", "SignName", "TemplateCode", "OutId"]
    assert [asked[name] for name in names] == ["13900000001", "示例驿站", "SMS_2", "remind:1"]
    filled = {**LETTER.params, "link": "applications/1/"}
    assert json.loads(asked["TemplateParam"]) == filled


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", Never, Reason.ADDRESS),
        ("isv.SMS_TEMPLATE_ILLEGAL", Never, Reason.TEMPLATE),
        ("isv.PARAM_LENGTH_LIMIT", Never, Reason.TEMPLATE),
        ("isv.BUSINESS_LIMIT_CONTROL", Later, Reason.BUSY),
        ("isv.AMOUNT_NOT_ENOUGH", Later, Reason.ACCOUNT),
        ("isp.RAM_PERMISSION_DENY", Later, Reason.ACCOUNT),
        ("isp.SYSTEM_ERROR", Later, Reason.BUSY),
        ("something.NEW", Later, Reason.UNKNOWN),
    ],
)
def test_alibaba_says_no(gateway, code, kind, reason):
    gateway(gateways.alibaba).then.append((200, {"Code": code}))

    with pytest.raises(kind) as refusal:
        alibaba.send(LETTER)

    assert refusal.value.reason == reason


def test_alibaba_throttles_with_an_http_error_of_its_own(gateway):
    gateway(gateways.alibaba).then.append((429, {"Code": "Throttling.User"}))

    with pytest.raises(Later) as refusal:
        alibaba.send(LETTER)

    assert refusal.value.reason == Reason.BUSY


@pytest.mark.parametrize("send", [alibaba.send, tencent.send])
@pytest.mark.parametrize("wrong", ["SMS_ACCESS_KEY", "SMS_ACCESS_SECRET"])
def test_a_wrong_key_is_a_matter_of_the_account(gateway, settings, send, wrong):
    gateway(gateways.alibaba if send == alibaba.send else gateways.tencent)
    setattr(settings, wrong, "another")

    with pytest.raises(Later) as refusal:
        send(LETTER)

    assert refusal.value.reason == Reason.ACCOUNT


@pytest.mark.parametrize("send", [alibaba.send, tencent.send])
def test_a_clock_that_is_wrong_is_a_matter_of_the_account(gateway, noon, send):
    one = gateway(gateways.alibaba if send == alibaba.send else gateways.tencent)
    true = time.time() + 3600
    one.clock = lambda: true

    with pytest.raises(Later) as refusal:
        send(LETTER)

    assert refusal.value.reason == Reason.ACCOUNT


@pytest.mark.parametrize("send", [alibaba.send, tencent.send])
def test_a_kind_without_a_template_never_goes(gateway, settings, send):
    settings.SMS_TEMPLATES = {}

    with pytest.raises(Never) as refusal:
        send(LETTER)

    assert refusal.value.reason == Reason.TEMPLATE


def test_without_a_template_in_english_the_chinese_one_is_used(gateway, settings):
    one = gateway(gateways.alibaba)
    settings.SMS_TEMPLATES = {"remind": {"zh-hans": "SMS_1"}}

    alibaba.send(LETTER)

    assert one.asked[0]["TemplateCode"] == "SMS_1"


# --- Tencent Cloud --------------------------------------------------------------------------------


def test_tencent_takes_a_letter_its_parameters_in_the_texts_order(gateway):
    one = gateway(gateways.tencent)

    assert tencent.send(LETTER) == "5000:1045710669157"

    sent = json.loads(one.asked[0]["body"])
    assert (sent["PhoneNumberSet"], sent["SessionContext"]) == ([TO], "remind:1")
    order = ["station", "until", "phone"]
    wanted = [*[LETTER.params[name] for name in order], "applications/1/"]
    assert sent["TemplateParamSet"] == wanted


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("InvalidParameterValue.IncorrectPhoneNumber", Never, Reason.ADDRESS),
        ("FailedOperation.PhoneNumberInBlacklist", Never, Reason.BLOCKED),
        ("FailedOperation.TemplateIncorrectOrUnapproved", Never, Reason.TEMPLATE),
        ("LimitExceeded.PhoneNumberDailyLimit", Later, Reason.BUSY),
        ("FailedOperation.InsufficientBalanceInSmsPackage", Later, Reason.ACCOUNT),
        ("InvalidParameterValue.SdkAppIdNotExist", Later, Reason.ACCOUNT),
        ("Something.New", Later, Reason.UNKNOWN),
    ],
)
def test_tencent_says_no_to_a_number(gateway, code, kind, reason):
    told = {"Response": {"SendStatusSet": [{"Code": code}]}}
    gateway(gateways.tencent).then.append((200, told))

    with pytest.raises(kind) as refusal:
        tencent.send(LETTER)

    assert refusal.value.reason == reason


def test_tencent_says_no_to_a_request(gateway):
    told = {"Response": {"Error": {"Code": "RequestLimitExceeded"}}}
    gateway(gateways.tencent).then.append((200, told))

    with pytest.raises(Later) as refusal:
        tencent.send(LETTER)

    assert refusal.value.reason == Reason.BUSY


# --- any gateway ----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, (502, b"<html>"), (200, b"")])
def test_a_gateway_that_gives_no_answer_is_asked_again(gateway, answer):
    gateway(gateways.alibaba).then.append(answer)

    with pytest.raises(Later) as refusal:
        alibaba.send(LETTER)

    assert refusal.value.reason == Reason.UNREACHABLE


def test_a_gateway_that_does_not_answer_in_time_is_asked_again(gateway, monkeypatch):
    one = gateway(gateways.alibaba)
    monkeypatch.setattr("bookings.messages.carriers.gateway.SECONDS", 0.05)
    one.vendor = lambda asked: time.sleep(0.3) or (200, {"Code": "OK"})

    with pytest.raises(Later) as refusal:
        alibaba.send(LETTER)

    assert refusal.value.reason == Reason.UNREACHABLE


def test_no_error_of_a_gateway_names_the_recipient(gateway, settings, caplog):
    settings.SMS_ENDPOINT = "http://127.0.0.1:1"

    with caplog.at_level(logging.DEBUG), pytest.raises(Later) as refusal:
        alibaba.send(LETTER)

    assert refusal.value.__cause__ is None and refusal.value.__suppress_context__
    assert "13900000001" not in f"{refusal.value}{caplog.text}"


# --- WeChat ---------------------------------------------------------------------------------------


def to_wechat(**changes):
    return wechat.send(Letter(**{**LETTER.__dict__, "to": "openid-1", **changes}))


def test_wechat_takes_a_letter_with_the_fields_of_its_template(gateway):
    one = gateway(gateways.wechat)

    assert to_wechat() == "42"

    sent = json.loads(one.asked[-1]["body"])
    assert one.asked[-1]["path"] == "/cgi-bin/message/subscribe/bizsend"
    assert (sent["touser"], sent["template_id"]) == ("openid-1", "T1")
    assert sent["data"]["thing1"] == {"value": LETTER.params["station"]}


def test_wechats_token_is_fetched_once_and_kept_sealed(gateway):
    from django.core.cache import cache

    one = gateway(gateways.wechat)

    to_wechat()
    to_wechat()

    assert [asked["path"] for asked in one.asked].count("/cgi-bin/stable_token") == 1
    assert b"a-token" not in cache.get(wechat.TOKEN)


def test_a_token_that_wechat_no_longer_takes_is_fetched_anew(gateway):
    one = gateway(gateways.wechat)
    to_wechat()
    one.then.append((200, {"errcode": 42001}))

    with pytest.raises(Later):
        to_wechat()

    assert to_wechat() == "42"


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (43101, Never, Reason.BLOCKED),
        (40003, Never, Reason.ADDRESS),
        (47003, Never, Reason.TEMPLATE),
        (45009, Later, Reason.BUSY),
        (99999, Later, Reason.UNKNOWN),
    ],
)
def test_wechat_says_no(gateway, code, kind, reason):
    one = gateway(gateways.wechat)
    to_wechat()
    one.then.append((200, {"errcode": code}))

    with pytest.raises(kind) as refusal:
        to_wechat()

    assert refusal.value.reason == reason


def test_a_wrong_secret_of_wechat_is_a_matter_of_the_account(gateway, settings):
    gateway(gateways.wechat)
    settings.WECHAT_APP_SECRET = "another"

    with pytest.raises(Later) as refusal:
        to_wechat()

    assert refusal.value.reason == Reason.ACCOUNT


# --- e-mail ---------------------------------------------------------------------------------------


def mail_refused(monkeypatch, error):
    def send(*args, **kwargs):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    with pytest.raises((Later, Never)) as refusal:
        email.send(LETTER)
    return type(refusal.value), refusal.value.reason


def test_a_mail_has_the_same_number_at_every_try(settings, mailoutbox):
    settings.DEFAULT_FROM_EMAIL = "青年驿站 <station@example.test>"

    first, second = email.send(LETTER), email.send(LETTER)

    assert first == second == mailoutbox[0].extra_headers["Message-ID"]
    assert first.endswith("@example.test>")


def test_an_address_that_is_not_there_never_gets_a_mail(monkeypatch):
    error = smtplib.SMTPRecipientsRefused({"x": (550, b"unknown")})

    assert mail_refused(monkeypatch, error) == (Never, Reason.ADDRESS)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (450, b"greylisted")}), Reason.BUSY),
        (smtplib.SMTPAuthenticationError(535, b"no"), Reason.ACCOUNT),
        (smtplib.SMTPServerDisconnected(), Reason.UNREACHABLE),
        (TimeoutError(), Reason.UNREACHABLE),
    ],
)
def test_a_mail_server_in_trouble_is_asked_again(monkeypatch, error, reason):
    assert mail_refused(monkeypatch, error) == (Later, reason)


def test_an_answer_that_is_not_wechats_is_no_delivery(gateway, monkeypatch):
    answers = [{"access_token": "t", "expires_in": 7200}, {"message": "bad gateway"}]
    monkeypatch.setattr(wechat, "post", lambda *_: answers.pop(0))

    with pytest.raises(Later):
        to_wechat()
