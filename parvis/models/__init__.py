"""The only room with SQL: tables, queries, session, migrations."""
