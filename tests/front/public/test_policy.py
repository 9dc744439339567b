"""The cancellation policy before a date is chosen."""

from billing.policies import Tier
from front.public.policy import policy_words


def test_each_tier_is_one_sentence_the_longest_notice_first():
    lines = policy_words([Tier(336, 3_000), Tier(24, 10_000)])

    assert lines == [
        "Free until 14 days before.",
        "Within 14 days: 30% of the price.",
        "Within 24 hours: the whole price.",
    ]


def test_without_tiers_canceling_is_free_until_the_start():
    assert policy_words([]) == ["Changing and canceling is free until it starts."]


def test_a_service_with_a_price_shows_its_policy_before_a_date_is_chosen(client, office):
    assert "Changing and canceling is free until it starts." in client.get("/book/s/single/").content.decode()
