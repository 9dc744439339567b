"""Filling the demo practice behind its pages: what is done in which order, by two processes, and how far it is."""
