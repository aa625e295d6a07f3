"""Who calls: tokens, roles and rights."""
