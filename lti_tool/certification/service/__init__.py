"""Use cases of the certification: publish rules, receive and review evidence, evaluate, decide."""
