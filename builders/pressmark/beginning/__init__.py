"""A corpus is begun: what samples of its inputs are, and the files of its folder."""
