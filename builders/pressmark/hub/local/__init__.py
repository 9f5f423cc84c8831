"""The embedded Hub: a loopback server that the Hub's own clients speak to, to rehearse with and to test against.

`store` keeps blobs, commits and refs in a folder, `trees` says what a commit does to a tree. `server` listens, `routes`
knows which request is whose: `repos`, `trees_api`, `commits`, `lfs`, `xet` and `resolve` answer. `faults` breaks things
on purpose. What it does not prove is said in docs/embedded-hub.md.
"""
