"""The pages of django-allauth that this site has. One that is not listed here does not exist."""

from allauth.account import views
from django.urls import include, path

from bookings.core.limits import limited
from bookings.people.is_it_you import is_it_you

urlpatterns = [
    path("login/", limited("sign-ins")(views.login), name="account_login"),
    path(
        "login/code/",
        limited("codes", only="POST")(views.request_login_code),
        name="account_request_login_code",
    ),
    path(
        "login/code/confirm/",
        limited("sign-ins")(views.confirm_login_code),
        name="account_confirm_login_code",
    ),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path(
        "phone/change/",
        limited("codes", only="POST")(is_it_you(views.change_phone)),
        name="account_change_phone",
    ),
    path("phone/verify/", views.verify_phone, name="account_verify_phone"),
    path("2fa/", include("allauth.mfa.urls")),
]
