"""An hour of ordinary life with processes killed on the way: what grows and should not is found here."""
