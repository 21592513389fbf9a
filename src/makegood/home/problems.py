"""What keeps Makegood from having a home or a database, said in one sentence."""


class HomeProblem(Exception):
    """Something an operator can mend; its text is one sentence and names no secret."""
