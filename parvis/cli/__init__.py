"""Who typed: Typer commands over the services."""
