"""Who refers children where, what comes of it, and which way children go between regions."""
