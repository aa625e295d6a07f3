"""What providers and regions keep: providers, offers, capacity, contracts, stops, reminders and statements."""
