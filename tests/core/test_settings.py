"""The settings, each time in a process of their own that sees only the given environment."""

import base64
import re
import stat
import subprocess
import sys

import pytest
from django.conf import settings

KEYS = ("DATA_KEY", "LOOKUP_KEY", "PASS_KEY")
PRODUCTION = {
    "STATION_MODE": "production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    **{name: base64.urlsafe_b64encode(name.ljust(32).encode()).decode() for name in KEYS},
    "ALLOWED_HOSTS": "station.example.test",
    "SITE_URL": "https://station.example.test",
    "DATABASE_URL": "postgres://station:secret@db.example.test/station",
}


@pytest.fixture
def python(tmp_path):
    """Run Python in the project's folder, with a var folder of its own."""

    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env={"STATION_VAR": str(tmp_path), **environment},
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture
def blamed(python):
    """The variable that the error of a refused start begins with."""

    def run(**environment):
        error = python("-c", "import station.settings", **environment).stderr.splitlines()[-1]
        return re.fullmatch(r"django\.core\.exceptions\.ImproperlyConfigured: (\w+).*", error)[1]

    return run


@pytest.fixture
def kept_secret(python):
    """The secret key of a local start with nothing set."""

    def run():
        return python("-c", "import station.settings as s; print(s.SECRET_KEY)").stdout.strip()

    return run


@pytest.mark.parametrize("name", ["SECRET_KEY", *KEYS, "ALLOWED_HOSTS", "SITE_URL"])
def test_production_refuses_to_start_without(name, blamed):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    assert blamed(**environment) == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DATA_KEY", "not base64"),
        ("PASS_KEY", "c2hvcnQ="),
        ("DEBUG", "true"),
        ("SITE_URL", "http://station.example.test"),
        ("SMS_CARRIER", "outbox"),
        ("SMS_CARRIER", "pigeon"),
        ("SMS_ENDPOINT", "http://gateway.example.test"),
        ("WECHAT_CARRIER", "pigeon"),
        ("WECHAT_SIGN_IN", "pigeon"),
        ("EMAIL_URL", "pigeon://loft"),
        ("STAFF_SECOND_FACTOR", "maybe"),
        ("CODES_PER_NETWORK", "many"),
    ],
)
def test_production_refuses_to_start_with(name, value, blamed):
    assert blamed(**{**PRODUCTION, name: value}) == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "postgres://"),
        ("STATION_MODE", "nonsense"),
        ("DEBUG", "maybe"),
        ("BEHIND_PROXY", "maybe"),
        ("PORT", "http"),
        ("WORKERS", "-1"),
        ("QUIET_HOURS", "night"),
        ("QUIET_HOURS", "08:00-08:00"),
        ("SMS_PRICE_FEN", "cheap"),
        ("SMS_TEMPLATES", "{"),
        ("SMS_TEMPLATES", '["code"]'),
        ("SMS_TEMPLATES", '{"code": "SMS_1"}'),
    ],
)
def test_nonsense_stops_the_start(name, value, blamed):
    assert blamed(**{name: value}) == name


def test_several_data_keys_come_in_their_order(python, tmp_path):
    one, other = PRODUCTION["DATA_KEY"], PRODUCTION["PASS_KEY"]
    (tmp_path / "keys.txt").write_text(f"# the present one\n{other}\n\n{one}  # until July\n")
    asked = ("-c", "import station.settings as s; print([key[:4] for key in s.DATA_KEYS])")

    for given in (
        {"DATA_KEYS": f"{other},{one}"},
        {"DATA_KEYS_FILE": str(tmp_path / "keys.txt")},
    ):
        assert python(*asked, **given).stdout.strip() == "[b'PASS', b'DATA']"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"DATA_KEYS": "not base64"}, "DATA_KEYS"),
        ({"DATA_KEYS": " , "}, "DATA_KEYS"),
        ({"DATA_KEYS": f"{PRODUCTION['DATA_KEY']} {PRODUCTION['DATA_KEY']}"}, "DATA_KEYS"),
        ({"DATA_KEYS_FILE": "/nowhere/keys"}, "DATA_KEYS_FILE"),
        ({"DATA_KEYS_FILE": "/dev/null"}, "DATA_KEYS_FILE"),
        ({"DATA_KEYS": PRODUCTION["DATA_KEY"], "DATA_KEY": PRODUCTION["DATA_KEY"]}, "DATA_KEYS"),
    ],
)
def test_data_keys_that_make_no_sense_stop_the_start(given, named, blamed):
    assert blamed(**given) == named


def test_a_mail_server_needs_a_sender(blamed):
    assert blamed(EMAIL_URL="smtp://127.0.0.1:25") == "EMAIL_FROM"


TEMPLATES = '{"code": {"zh-hans": "SMS_1"}}'
GATEWAY = {
    "SMS_CARRIER": "tencent",
    "SMS_ACCESS_KEY": "key",
    "SMS_ACCESS_SECRET": "secret",
    "SMS_APP_ID": "1400000000",
    "SMS_SIGNATURE": "示例驿站",
    "SMS_TEMPLATES": TEMPLATES,
}
WECHAT = {
    "WECHAT_CARRIER": "wechat",
    "WECHAT_APP_ID": "wx0",
    "WECHAT_APP_SECRET": "secret",
    "WECHAT_TEMPLATES": '{"remind": {"id": "T1", "data": {"thing1": "station"}}}',
}


@pytest.mark.parametrize("name", [name for name in GATEWAY if name != "SMS_CARRIER"])
def test_a_gateway_that_is_half_set_up_stops_the_start(name, blamed):
    environment = {key: value for key, value in GATEWAY.items() if key != name}

    assert blamed(**PRODUCTION, **environment) == name


def test_a_gateway_without_a_template_for_sign_in_codes_stops_the_start(blamed):
    environment = {**GATEWAY, "SMS_TEMPLATES": '{"remind": {"zh-hans": "SMS_1"}}'}

    assert blamed(**PRODUCTION, **environment) == "SMS_TEMPLATES"


@pytest.mark.parametrize("name", [name for name in WECHAT if name != "WECHAT_CARRIER"])
def test_wechat_that_is_half_set_up_stops_the_start(name, blamed):
    assert blamed(**PRODUCTION, **{**WECHAT, name: ""}) == name


def test_a_check_names_the_kinds_of_message_that_have_no_template(python):
    checked = python("manage.py", "check", **PRODUCTION, **GATEWAY)

    assert checked.returncode == 1
    assert "messages.E001" in checked.stderr and "no_show" in checked.stderr


def test_a_check_names_kinds_and_parameters_that_there_are_not(python):
    strange = '{"remind": {"id": "T1", "data": {"thing1": "x"}}, "y": {"id": "T2", "data": {}}}'

    checked = python("manage.py", "check", **PRODUCTION, **{**WECHAT, "WECHAT_TEMPLATES": strange})

    assert "messages.E002" in checked.stderr and "messages.E003" in checked.stderr


def test_the_second_factor_is_required_in_production_and_not_locally(python):
    asked = ("-c", "import station.settings as s; print(s.STAFF_SECOND_FACTOR)")

    assert python(*asked).stdout.strip() == "False"
    assert python(*asked, **PRODUCTION).stdout.strip() == "True"


def test_with_nothing_set_the_local_mode_starts_and_is_sound(python):
    checked = python("manage.py", "check", "--fail-level", "WARNING")

    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_local_mode_keeps_its_keys_between_starts(kept_secret):
    first, second = kept_secret(), kept_secret()

    assert first == second != ""


def test_the_local_keys_are_their_owners_alone(kept_secret, tmp_path):
    kept_secret()

    modes = {key.name: stat.S_IMODE(key.stat().st_mode) for key in (tmp_path / "keys").iterdir()}
    assert modes == dict.fromkeys(["secret_key", "data_key", "lookup_key", "pass_key"], 0o600)


def test_production_passes_djangos_deployment_check(python):
    checked = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (checked.returncode, checked.stderr) == (0, "")


def test_production_logs_mask_what_is_personal(python):
    said = """
import django, logging, os
os.environ["DJANGO_SETTINGS_MODULE"] = "station.settings"
django.setup()
logging.getLogger("bookings.x").warning("to %s", "+8613900007701")
try:
    raise ValueError("370811200205010020")
except ValueError:
    logging.getLogger("django_q").exception("示例壬癸")
"""

    told = python("-c", said, **PRODUCTION).stderr

    assert "WARNING bookings.x to ***" in told
    assert "ValueError: ***" in told
    assert "139000077" not in told and "370811" not in told and "壬癸" not in told


def test_forms_may_lead_to_wechat_only_where_one_signs_in_there(python, blamed):
    asked = ["-c", "import station.settings as s; print(s.CONTENT_SECURITY_POLICY)"]
    app = {"WECHAT_SIGN_IN_APP_ID": "wx-sample", "WECHAT_SIGN_IN_APP_SECRET": "sample"}

    assert "weixin" not in python(*asked).stdout
    assert "https://open.weixin.qq.com" in python(*asked, WECHAT_SIGN_IN="website", **app).stdout
    assert blamed(WECHAT_SIGN_IN="website") == "WECHAT_SIGN_IN_APP_ID"
