"""What a person at a terminal can mend."""


class Problem(Exception):
    """Ends the command with one sentence, this exception's text, and exit code 2."""
