"""What a person may ask about their data: a copy of all that is held (RGPD art. 15), and its correction (art. 16)."""
