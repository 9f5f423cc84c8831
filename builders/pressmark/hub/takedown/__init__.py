"""A withdrawal carried through the Hub.

`procedure` is the whole of it; `inventory` finds where articles stand, `cases` remembers that over several runs,
`steps` does what is to be done, with `removal` of refs, history and content, and `look` looks for them afterwards.
"""
