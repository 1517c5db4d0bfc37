"""Prévention: what a local authority's prevention advisers keep, and what falls due."""

__version__ = "0.1.0"
