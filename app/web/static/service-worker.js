// Kept empty until the shell is kept.
