"""The API for programs: the services of the pages, as JSON with stable names and units."""
