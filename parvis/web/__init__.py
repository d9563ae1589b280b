"""Who clicked: pages and JSON API."""
