"""What a session remembers, sealed: allauth keeps in it by which number somebody signed in.

Django still signs it. A session that our keys do not open is an empty one: sign in again.
"""

from typing import Any

from django.core.signing import JSONSerializer

from bookings.core.crypto import decrypt, encrypt

CONTEXT = "session"


class SealedSerializer(JSONSerializer):
    def dumps(self, obj: Any) -> bytes:
        return encrypt(super().dumps(obj), CONTEXT)

    def loads(self, data: bytes) -> Any:
        return super().loads(decrypt(data, CONTEXT))
