"""WeChat as a test has it: set up, its answers faked, and somebody sent there and back."""

import json
from urllib.parse import parse_qs, urlsplit

import requests

ANSWER = {"openid": "o-sample-openid-1", "access_token": "sample-token", "nickname": "示例昵称"}


def set_up(settings, monkeypatch):
    """What WeChat answers next, and which pages of it were asked; both are the test's to change."""
    settings.WECHAT_SIGN_IN = "website"
    app = {"client_id": "wx-sample", "secret": "sample-secret"}
    provider = settings.SOCIALACCOUNT_PROVIDERS["weixin"]
    settings.SOCIALACCOUNT_PROVIDERS = {"weixin": {**provider, "APP": app}}
    said = {"answer": ANSWER, "asked": []}

    def request(session, method, url, **kwargs):
        said["asked"].append(urlsplit(url).path)
        response = requests.Response()
        response.status_code, response._content = 200, json.dumps(said["answer"]).encode()
        return response

    monkeypatch.setattr(requests.Session, "request", request)
    return said


def comes_back(client, begun="/accounts/wechat/", **changed):
    """Press the button, and be sent back by WeChat."""
    there = client.post(begun)
    state = parse_qs(urlsplit(there.url).query)["state"][0]
    return client.get("/accounts/wechat/callback/", {"code": "c", "state": state, **changed})
