"""A withdrawal carried through the Hub.

`procedure` is the whole of it; `inventory` finds where articles stand, by `files`; `cases` remembers that over runs,
`steps` does what is to be done, with `removal` of refs, history and content, and `look` looks for them afterwards.
"""
