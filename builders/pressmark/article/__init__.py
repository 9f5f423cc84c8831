"""What an article is: its fields, identity, rights, provenance, and the contract that they keep."""
