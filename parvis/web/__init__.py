"""Who clicked: pages and the API, over the services."""
