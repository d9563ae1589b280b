"""When a job runs, in words."""

import pytest

from parvis.states.schedules import when


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("* * * * *", "chaque minute"),
        ("*/10 * * * *", "toutes les 10 minutes"),
        ("5-59/10 * * * *", "toutes les 10 minutes"),
        ("5 * * * *", "chaque heure, à 5 min"),
        ("0 6 * * *", "chaque jour à 6 h 00"),
        ("30 7 * * 1-5", "du lundi au vendredi à 7 h 30"),
        ("0 5 1 * *", "le 1 du mois à 5 h 00"),
        ("0 5 1 * 1-5", "0 5 1 * 1-5"),
        ("@daily", "@daily"),
    ],
)
def test_a_schedule_is_said_as_people_say_it_and_one_nobody_has_words_for_stays(cron, said):
    assert when(cron).fr.replace("\u202f", " ").replace("\u00a0", " ") == said
