"""`wijzer push`: a file on a provider's own machine, sent to a service elsewhere by nothing but its API."""
