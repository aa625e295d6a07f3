"""How often each offer was shown to who refers: counted in memory, written once a minute."""
