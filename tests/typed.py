"""What somebody types at the steps about themselves."""

from tests.factories import resident_number

PERSON = {
    "name": "测试甲",
    "doc_type": "resident_id",
    "doc_number": resident_number(),
    "doc_until": "2036-05-01",
    "sex": "women",
    "birth_date": "2002-05-01",
    "degree": "bachelor",
    "university": "示例大学",
    "graduation_date": "2025-07-01",
    "degree_proof": "diploma",
    "hukou_code": "110101",
    "has_home": "no",
}


def says_who(client, **changes):
    """Go through the three steps. The page that answered last."""
    for step in ("person", "degree", "home"):
        page = client.post(f"/apply/{step}/", {**PERSON, **changes})
    return page
