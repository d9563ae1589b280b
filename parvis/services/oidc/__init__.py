"""Signing in by OpenID Connect, in ProConnect's ways: the provider, its tokens, the dance, the identities."""
