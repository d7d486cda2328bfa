"""Write down exactly what ran, so that it can be installed again."""

import platform
from importlib.metadata import distributions


def environment_lock() -> str:
    """A requirements file of every installed package, headed by Python and platform.

    ``uv pip install -r environment.lock`` brings the same environment back.
    """
    own = "mallo-trainer"
    packages = {d.metadata["Name"].lower(): d.version for d in distributions() if d.metadata["Name"]}
    lines = [f"{name}=={version}" for name, version in sorted(packages.items()) if name != own]
    head = [
        f"# python {platform.python_version()}",
        f"# platform {platform.platform()}",
        f"# {own} {packages.get(own, 'from source')}",
    ]
    return "\n".join([*head, *lines]) + "\n"
