"""Deep linking 2.0: a trainer chooses what to place in the course, and the platform is told."""
