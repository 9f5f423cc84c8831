"""The embedded Hub: a loopback server that the Hub's own clients speak to, to rehearse with and to test against.

`store` keeps commits and refs in a folder, `blobs` content; `trees` says what a commit does to a tree. `server`
listens, `handler` reads and writes (with `incoming`), `routes` knows which request is whose: `repos`, `tree_api`,
`commits`, `lfs`, `xet` and `resolve` answer, and `access` says to whom. `faults` breaks things on purpose, `log` is
what is told of a request. What it does not prove is said in docs/embedded-hub.md.
"""
