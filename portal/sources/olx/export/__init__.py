"""An export as it comes: an archive or a folder, its files, and the tree of blocks in them with their windows."""
