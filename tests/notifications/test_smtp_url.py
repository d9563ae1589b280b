"""The address of the mail server is read whole, or refused with the reason."""

import pytest

from parvis.notifications.smtp import SmtpServer, SmtpUrlError, parse_smtp_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 25)),
        ("smtp://mail.example:1025/", SmtpServer("mail.example", 1025)),
        ("smtps://mail.example", SmtpServer("mail.example", 465, tls=True)),
        ("smtp+starttls://mail.example", SmtpServer("mail.example", 587, starttls=True)),
        (
            "smtps://a%40b.fr:p%3Aa%2Fss@mail.example:4465",
            SmtpServer("mail.example", 4465, tls=True, username="a@b.fr", password="p:a/ss"),
        ),
        ("smtp://u:p@127.0.0.1:25", SmtpServer("127.0.0.1", 25, username="u", password="p")),
        ("smtp://u:p@[::1]:25", SmtpServer("::1", 25, username="u", password="p")),
    ],
)
def test_an_address_says_host_port_security_and_account(url, server):
    assert parse_smtp_url(url) == server


def test_a_password_for_another_machine_requires_starttls():
    assert parse_smtp_url("smtp://u:p@mail.example").starttls


def test_a_password_is_never_shown():
    assert "secret" not in repr(parse_smtp_url("smtps://u:secret@mail.example"))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mail.example:25", "scheme"),
        ("http://mail.example", "scheme"),
        ("", "scheme"),
        ("smtp://", "host"),
        ("smtp://:25", "host"),
        ("smtp://mail.example:99999", "port"),
        ("smtp://mail.example:abc", "port"),
        ("smtp://mail.example:0", "port"),
        ("smtp://user@mail.example", "password"),
        ("smtp://mail.example/path", "extra"),
        ("smtp://mail.example?tls=1", "extra"),
    ],
)
def test_what_is_not_the_address_of_a_mail_server_is_refused(url, code):
    with pytest.raises(SmtpUrlError) as refused:
        parse_smtp_url(url)

    assert refused.value.code == code
