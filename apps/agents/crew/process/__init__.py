"""A change of how people work: the steps of today and tomorrow, roles, training, measures, and the way there."""
