"""What a region or supraregion keeps of its plan: whose it is, who reads it, and all that it ever was."""
