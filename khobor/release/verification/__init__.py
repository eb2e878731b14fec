"""What is wrong with a release: every promise of its card, manifest and rows, checked again.

A verifier that called the writer's code would repeat its faults, so views, tags, contexts and
stand-offs are worked out here from the rules of DESIGN.md, not by khobor.release.rows. `releases`
tells the story; the other modules check one concern each. Check ids stand in docs/checks.md.
"""
