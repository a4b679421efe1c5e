"""Which WeChat account opens an account here: bound and unbound by its owner."""

import datetime as dt

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.people.models import User

PROVIDER = "weixin"


class WeChatTaken(Refusal):
    code = "wechat_taken"
    sentence = _("This WeChat account opens another account here. Unbind it there first.")


class NotForStaff(Refusal):
    code = "wechat_not_for_staff"
    sentence = _("Staff sign in with e-mail, password and second factor, never through WeChat.")


def is_guest(user: User) -> bool:
    """Whether an account may be opened through WeChat: staff's may not, nor one that was staff's."""
    return not (user.email or user.is_staff or user.is_superuser or hasattr(user, "membership"))


def bound_at(user: User) -> dt.datetime | None:
    """Since when a WeChat account opens this one."""
    bound = SocialAccount.objects.filter(user=user, provider=PROVIDER)
    since: dt.datetime | None = bound.values_list("date_joined", flat=True).first()
    return since


@transaction.atomic
def bind_wechat(*, user: User, uid: str, now: dt.datetime) -> None:
    """Let a WeChat account (`uid`: the keyed hash of its openid) open this account, in place of any
    former one. Errors: WeChatTaken, NotForStaff."""
    if not is_guest(user):
        raise NotForStaff
    User.objects.select_for_update().get(pk=user.pk)
    own = SocialAccount.objects.filter(user=user, provider=PROVIDER)
    if own.filter(uid=uid).exists():
        return
    own.delete()
    try:
        with transaction.atomic():
            SocialAccount.objects.create(user=user, provider=PROVIDER, uid=uid)
    except IntegrityError as error:
        raise WeChatTaken from error
    audit.record("bind WeChat", user, by=user, now=now, district_id=None)


@transaction.atomic
def unbind_wechat(*, user: User, by: User, now: dt.datetime) -> bool:
    """No WeChat account opens this one any more. False: none did."""
    if not SocialAccount.objects.filter(user=user, provider=PROVIDER).delete()[0]:
        return False
    audit.record("unbind WeChat", user, by=by, now=now, district_id=None)
    return True
