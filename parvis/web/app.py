"""The application, made around a database; importing this opens nothing."""

from importlib import metadata

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from parvis.services.oidc.client import client_of
from parvis.services.oidc.provider import Provider
from parvis.web import answers
from parvis.web.api import reference
from parvis.web.building import Workshop
from parvis.web.guarding import Guard
from parvis.web.pages import (
    account,
    administration,
    agenda,
    agreement_files,
    agreements,
    applicant,
    association,
    bank,
    bulk,
    case_amounts,
    cases,
    cash,
    closing,
    contacting,
    dashboard,
    demarches,
    differing,
    drafting,
    entering,
    envelopes,
    fundings,
    health,
    home,
    interests,
    joining,
    keeping,
    letters,
    lists,
    machinery,
    notes,
    open_data,
    opinions,
    organisations,
    papers,
    partnering,
    payments,
    people,
    personal,
    plumbing,
    previews,
    provider,
    register,
    reporting,
    retention,
    scenarios,
    sessions,
    settled,
    sittings,
    webhooks,
    yearly,
)
from parvis.web.rights import admitted
from parvis.web.site import Site
from parvis.web.turns import Turns

ROUTERS: tuple[APIRouter, ...] = (
    previews.router, settled.router, open_data.router,
    plumbing.router, entering.router, provider.router, home.router, lists.router, keeping.router, cases.router,
    notes.router, differing.router, agreements.router, agreement_files.router, opinions.router, sittings.router,
    agenda.router,
    scenarios.router, envelopes.router, fundings.router, case_amounts.router,
    interests.router, papers.router, sessions.router, bank.router, payments.router, cash.router,
    closing.router, account.router, joining.router, contacting.router, partnering.router, drafting.router,
    applicant.router, association.router, organisations.router, reporting.router, dashboard.router, yearly.router,
    letters.router, administration.router,
    people.router, retention.router, personal.router, demarches.router,
    machinery.router, webhooks.router, register.router, health.router, bulk.router, reference.router,
    *reference.ROUTERS,
)  # fmt: skip

_COMPRESSION = 5  # the highest makes pages two hundredths lighter, for three times the time


def make_app(site: Site) -> FastAPI:
    """The application that answers for `site`."""
    app = FastAPI(
        title="Parvis", version=metadata.version("parvis"), docs_url=None, redoc_url=None, openapi_url=None,
        dependencies=[Depends(admitted)], redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # its own would tell secret addresses
    )  # fmt: skip
    app.state.site = site
    app.state.workshop = Workshop(site.settings.data_folder / "building")
    client = client_of(site.settings)
    app.state.provider = Provider(client) if client else None
    for router in ROUTERS:
        app.include_router(router)
    answers.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=_COMPRESSION)
    app.add_middleware(
        TrustedHostMiddleware, allowed_hosts=_hosts(site.settings.public_url), www_redirect=False
    )
    app.add_middleware(Turns)
    app.add_middleware(Guard)
    return app


def _hosts(public_url: str) -> list[str]:
    """The names this application answers to: this machine's, and the public one."""
    public = public_url.partition("://")[2].partition("/")[0].rpartition("@")[2]
    name = public.partition(":")[0]
    return ["127.0.0.1", "localhost", *([name] if name else [])]
