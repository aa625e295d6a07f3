"""The monthly statement of waiting children, and who has not delivered."""
