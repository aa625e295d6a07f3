"""What providers answer to referrals, and why they decline: the analysis of admission policy."""
