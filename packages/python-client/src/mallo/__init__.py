"""Mallo's models from Python: find a version, download its files, ask it about an image."""

from mallo.client import Client, File, MalloError, ModelVersion

__all__ = ["Client", "File", "MalloError", "ModelVersion"]
