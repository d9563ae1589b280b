"""The settings: what an installation writes, as the rest of the house reads it."""

import pytest
from pydantic import SecretStr

from parvis.services.settings import Settings


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_of_the_database_may_be_written_as_for_psql(monkeypatch, scheme):
    monkeypatch.setenv("PARVIS_DATABASE_URL", f"{scheme}://parvis@base.example/parvis")
    monkeypatch.setenv("PARVIS_DATABASE_OWNER_URL", f"{scheme}://owner:p%40ss@base.example/parvis")

    chosen = Settings(_env_file=None)

    assert chosen.database_url == SecretStr("postgresql+psycopg://parvis@base.example/parvis")
    assert chosen.database_owner_url == SecretStr("postgresql+psycopg://owner:p%40ss@base.example/parvis")
