"""The site's addresses: the steps bring their own, in bookings/urls.py."""

from allauth.account.decorators import secure_admin_login
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.unregister([SocialAccount, SocialApp, SocialToken])  # guests are not in it

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("station.accounts")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("bookings.urls")),
]
handler429 = "bookings.core.limits.too_many"
if settings.SMS_CARRIER == "outbox":
    urlpatterns.append(path("dev/", include("bookings.messages.outbox_urls")))
