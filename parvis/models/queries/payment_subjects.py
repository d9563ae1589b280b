"""What a payment is of, a case or a year of an agreement: the joins and names that every list of payments shares."""

SUBJECTS = """payments p
  LEFT JOIN cases c ON c.id = p.case_id
  LEFT JOIN agreements a ON a.id = p.agreement_id
  LEFT JOIN calls k ON k.id = COALESCE(c.call_id, a.call_id)"""
"""Payments `p`, each with its case `c` or its agreement `a`, and the call `k` of either; one taken over has none."""
CONTRACT = "COALESCE(k.contract_id, a.contract_id)"
REFERENCE = "COALESCE(c.reference, a.reference)"
TITLE = "COALESCE(c.title, a.title)"
OWNER = "COALESCE(c.organisation_id, a.organisation_id)"
"""Whose case or agreement it is."""
PAYEE = f"COALESCE(p.partner_id, {OWNER})"
"""Who is paid."""
YEAR = "COALESCE(extract(year FROM a.starts_on)::int + p.year - 1, k.year)"
"""The year it is paid for."""
SUBJECT = "COALESCE(p.case_id, -p.agreement_id)"
"""A number that tells subjects from one another."""
