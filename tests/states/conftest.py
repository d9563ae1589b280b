"""What the tests of the rules share: examples are tried for what they say, never for how long they take."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
