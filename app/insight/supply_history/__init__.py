"""What supply there was: of each day and month the figures of offers, as known then and as known since."""
