"""django-allauth's provider `weixin`, as this house uses it: all it learns of somebody is which WeChat
account they have, and all that is kept of that is a keyed hash."""

from typing import Any

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.weixin.client import WeixinOAuth2Client
from allauth.socialaccount.providers.weixin.provider import WeixinProvider
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.http import HttpRequest

from bookings.core.crypto import keyed_hash


class Client(WeixinOAuth2Client):
    def get_redirect_url(self, *args: Any) -> str:
        return f"{super().get_redirect_url(*args)}#wechat_redirect"  # or WeChat shows no page


class OAuth(WeixinOAuth2Adapter):
    client_class = Client

    def complete_login(
        self, request: HttpRequest, app: object, token: object, **kwargs: Any
    ) -> SocialLogin:
        """The answer that brings the token names the account: nickname and picture are not asked for."""
        answer = kwargs["response"]
        if not isinstance(answer.get("openid"), str) or not answer["openid"]:
            raise OAuth2Error("WeChat named no account")
        return self.get_provider().sociallogin_from_response(request, answer)


class WeChat(WeixinProvider):
    oauth2_adapter_class = OAuth

    def extract_uid(self, data: dict[str, Any]) -> str:
        return keyed_hash(data["openid"], "wechat")

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}
