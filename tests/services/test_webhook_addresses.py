"""Where webhooks may be sent, and how they are signed: rules of their own, before anything is sent."""

import base64
import ipaddress
from datetime import datetime

import pytest

from parvis.services.webhooks.calling import Caller, ForbiddenTargetError, check_form, is_public, networks
from parvis.services.webhooks.signing import body, headers, new_secret
from tests.services.desk import moment

HERE = networks("127.0.0.1")


def test_what_is_signed_is_what_the_specification_gives_as_an_example():
    said = b'{"test": 2432232314}'
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    told = headers(
        said, "msg_p5jXN8AQM9LWM0D4loKWxJek", [secret], at=datetime.fromtimestamp(1_614_265_330).astimezone()
    )

    assert told["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert told["webhook-timestamp"] == "1614265330"
    assert len(base64.b64decode(new_secret().removeprefix("whsec_"))) == 32
    assert body("case.fund", moment("2026-06-01"), {"b": "é", "a": 1}) == (
        '{"data":{"a":1,"b":"é"},"timestamp":"2026-06-01T07:00:00Z","type":"case.fund","version":1}'.encode()
    )


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "::127.0.0.1",
])  # fmt: skip
def test_an_address_inside_is_not_public_however_it_is_written(address):
    assert not is_public(ipaddress.ip_address(address))


def test_calls_go_to_the_open_internet_over_tls_and_inside_only_where_it_was_said():
    assert is_public(ipaddress.ip_address("80.10.246.2"))
    assert is_public(ipaddress.ip_address("2a01:c9c0::1"))
    for url in (
        "http://127.0.0.1:1/",
        "https://localhost/",
        "https://2130706433/",
        "https://[::1]/",
        "http://[::ffff:7f00:1]/",
    ):
        with pytest.raises(ForbiddenTargetError):
            Caller(5).check(url)
    with pytest.raises(ForbiddenTargetError, match="https"):
        Caller(5, HERE).check("http://80.10.246.2/")
    for url in ("ftp://ville.example/", "https://", "https://a:b@ville.example/", "https://ville.example:99999/",
                "https://ville.example/é", "//ville.example", "https://[::1", "https://x/" + "a" * 500):  # fmt: skip
        with pytest.raises(ForbiddenTargetError):
            check_form(url)
