"""Files that come in: recognised by what is in them, read as streams, told line by line."""
