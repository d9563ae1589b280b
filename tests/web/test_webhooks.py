"""The page of webhooks: a manager registers a tool, sees its secret once, what it was told, and acts on it."""

import re
from html import unescape

from parvis.services.webhooks.delivering import deliver_webhooks
from tests.services.receiver import receiving

MAX, PAGE = "max@ville.example", "/administration/webhooks"


def plain(text):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def test_a_manager_registers_a_tool_follows_what_it_was_told_and_ends_it(browser, settings, clock):
    settings.webhook_networks = "127.0.0.1"
    manager = browser.as_person(MAX)
    with receiving() as tool:
        refused = manager.post(PAGE, {"name": "Outil", "url": "http://10.0.0.1/", "types": "case.*"})
        made = manager.post(PAGE, {"name": "Outil", "url": tool.url, "types": ["case.fund", "case.submit"]})
        [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]+", made.text)
        place = f"{PAGE}/{browser.desk.value('SELECT id FROM webhook_endpoints')}"
        browser.desk.submitted_case("2026-06-01")
        tried = manager.post(f"{place}/essai")
        tool.answer = lambda call: (
            204 if call.told["type"] == "webhook.test" else 503,
            {},
            "occupé".encode(),
        )
        deliver_webhooks(browser.desk.database, settings, clock, by="t")
        shown = manager.get(place, **{"accept-language": "fr"})
        again = manager.post(f"{place}/renvoi", {"envoi": "1"})
        tool.answer = lambda _: (200, {}, b"")
        deliver_webhooks(browser.desk.database, settings, clock, by="t")

    assert refused.status_code == 422
    assert "PARVIS_WEBHOOK_NETWORKS" in refused.text
    assert 'value="http://10.0.0.1/"' in refused.text
    assert made.status_code == 200
    assert tried.headers["location"] == f"{place}?fait=essai"
    assert all(call.signed_with(secret) for call in tool.calls)
    said = plain(shown.text)
    assert re.search(
        r"case\.submit ANNUEL-2026-00001 evt_[0-9a-f]{32} .* à envoyer prochain essai le .* 1 503 occupé",
        said,
    )
    assert re.search(r"webhook\.test .* reçu 1 204", said)
    assert "whsec_" not in shown.text
    assert again.status_code == 303
    assert [row[0] for row in browser.desk.rows("SELECT state FROM webhook_deliveries")] == ["delivered"] * 2
    assert "failing" not in plain(manager.get(place, **{"accept-language": "en"}).text)


def test_a_manager_changes_a_tool_its_secret_and_forgets_it(browser, settings):
    settings.webhook_networks = "127.0.0.1"
    manager = browser.as_person(MAX)
    manager.post(PAGE, {"name": "Outil", "url": "http://127.0.0.1:1/", "types": "case.*"})
    place = f"{PAGE}/{browser.desk.value('SELECT id FROM webhook_endpoints')}"
    other = {"name": "Autre", "url": "http://127.0.0.1:2/", "types": "agreement.*"}

    assert len(re.findall(r"whsec_[A-Za-z0-9+/=]+", manager.post(f"{place}/secret").text)) == 1
    assert manager.post(place, {**other, "url": ""}).status_code == 422
    assert manager.post(place, other).status_code == 303
    for act in ("pause", "reprise", "renvoi"):
        assert manager.post(f"{place}/{act}").headers["location"] == f"{place}?fait={act}"
    assert manager.post(f"{place}/renvoi", {"envoi": "999"}).status_code == 404
    assert manager.post(f"{place}/retrait").headers["location"] == f"{PAGE}?fait=retrait"
    assert manager.get(place).status_code == 404
