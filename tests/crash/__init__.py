"""Kill -9: a real stack, real processes, real calls; afterwards everything is counted."""
