"""Takes facts in, pins coverage, finds breaches, sweeps what lapsed."""
