"""A host for the tests: the part of the Hugging Face Hub's HTTP interface that publishing uses."""
