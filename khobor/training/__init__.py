"""From a loaded release to what trainers eat, and from what models say back to spans."""
