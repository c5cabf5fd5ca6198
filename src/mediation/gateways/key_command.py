"""The hook to a key management service: a command that prints the master keys, run once when a process starts."""

from __future__ import annotations

import shlex
import subprocess

from mediation.gateways.keys import UnusableKeyError

SECONDS = 30


def read_by_command(command: str) -> str:
    """What the command prints; no shell is between. UnusableKeyError tells how it failed, nothing of what it said."""
    try:
        words = shlex.split(command)
        done = subprocess.run(words, capture_output=True, timeout=SECONDS, check=True, text=True)  # noqa: S603 - set by who runs the service
    except subprocess.CalledProcessError as error:
        raise UnusableKeyError(f"the command ended with {error.returncode}") from None
    except subprocess.TimeoutExpired:
        raise UnusableKeyError(f"the command printed nothing within {SECONDS} seconds") from None
    except (OSError, ValueError, IndexError) as error:
        raise UnusableKeyError(f"the command cannot be run ({type(error).__name__})") from None
    return done.stdout
