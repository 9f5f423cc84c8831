"""One page to look at a release or a workshop with. It needs nothing but itself."""
