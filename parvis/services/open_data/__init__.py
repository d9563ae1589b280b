"""Open data: the essential data of grants, checked against the official schema, then published; feeds beside them."""
