"""What a region is asked to arrange for a child: to grant or to refuse."""
