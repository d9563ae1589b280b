"""`parvis webhook`: a tool is registered, told, paused, resumed and forgotten from the command line."""

from parvis.cli.exits import ExitCode
from tests.services.receiver import receiving


def test_a_tool_is_registered_told_and_forgotten(desk, terminal):
    assert "case.record_payment" in terminal("webhook", "types").said
    inside = terminal("webhook", "add", "http://127.0.0.1:1/", "--name", "Outil", "--role", "manager")
    with receiving() as tool:
        allowed = {"PARVIS_WEBHOOK_NETWORKS": "127.0.0.1", "PARVIS_BANK_KEYS": "A" * 43 + "="}
        typed = ("webhook", "add", tool.url, "--name", "Outil", "--role", "manager")
        made = terminal(*typed, "--json", **allowed).json
        desk.submitted_case()
        tested = terminal("webhook", "test", "1")
        told = terminal("webhook", "deliver", "--json", **allowed).json

    assert (inside.code, "PARVIS_WEBHOOK_NETWORKS" in inside.said) == (ExitCode.USAGE, True)
    assert (made["types"], tested.code, told["delivered"]) == (["case.*"], 0, 2)
    assert all(call.signed_with(made["secret"]) for call in tool.calls)
    assert "à envoyer de nouveau : 1" in terminal("webhook", "redeliver", "1", "--delivery", "1").said
    assert terminal("webhook", "rotate", "1", "--json", **allowed).json["secret"] != made["secret"]
    assert "en pause" in terminal("webhook", "pause", "1").said
    desk.submitted_case("2026-06-01")
    assert "à envoyer : 1" in terminal("webhook", "resume", "1").said
    assert "webhook.test" in terminal("webhook", "deliveries", "1").said
    assert terminal("webhook", "remove", "1").code == 0
    assert terminal("webhook", "pause", "1").code == ExitCode.NOT_FOUND
