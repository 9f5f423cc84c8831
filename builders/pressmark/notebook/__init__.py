"""A release and a corpus as objects that show themselves, in a notebook or at a prompt."""
