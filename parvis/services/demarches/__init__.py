"""Démarche numérique (once Démarches Simplifiées): read page by page, mapped to deposits, told what is decided here."""
