"""Webhooks: telling other software what happened, signed as the Standard Webhooks specification says."""
