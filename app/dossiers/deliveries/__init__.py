"""What institutions deliver of their waiting children, out of systems of their own: many at once, month by month."""
