"""Pictures of counts as SVG: the same bytes for the same counts, legible in print and without colours."""
