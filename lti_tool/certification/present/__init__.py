"""What the screens of the certification show: frozen view-models, and every sentence people read.

Turns decisions, evidence and awards into words; queries nothing and decides nothing. Who may see a
value is settled here too: learners through ``Decision.for_learner`` alone (N6), trainers for the
courses they teach (N3).
"""
