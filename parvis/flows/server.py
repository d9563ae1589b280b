"""Prefect's server as a process, of `parvis up` or alone on its host; its settings are its PREFECT_… variables.

It knows no password, so it answers only to its own address (a page of the Internet cannot reach it by naming it
otherwise), and its pages may not call anywhere else, whatever they would measure.
"""

import sys

import uvicorn
from prefect.settings import get_current_settings
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parvis.services.parent import end_with_parent

GOODBYE_SECONDS = 3
"""How long open pages and clients may take to notice that the server stops."""


class OwnPagesOnly:
    """Lets the pages of `app` connect to their own server and to nobody else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the policy added."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_POLICY]
            await send(message)

        await self.app(scope, receive, send_with_policy)


_POLICY: list[tuple[bytes, bytes]] = [
    (
        b"content-security-policy",
        b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
]


def main() -> None:
    """Serve until SIGTERM, or, without `--alone`, until the parent process is gone."""
    # Being imported, it looks at the machine with a program of its own.
    from prefect.server.api.server import create_app  # noqa: PLC0415

    if "--alone" not in sys.argv[1:]:
        end_with_parent()
    api = get_current_settings().server.api
    uvicorn.run(
        TrustedHostMiddleware(OwnPagesOnly(create_app(final=True)), allowed_hosts=[api.host, "localhost"]),
        host=api.host,
        port=api.port,
        log_level="warning",
        timeout_graceful_shutdown=GOODBYE_SECONDS,
    )


if __name__ == "__main__":
    main()
