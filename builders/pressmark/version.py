"""The version of pressmark itself."""

__version__ = "0.1.0"
