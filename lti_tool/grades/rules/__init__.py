"""Pure decisions of the grades: what a set of marks asks for, how to read it, how fast."""
