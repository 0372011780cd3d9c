"""What stops a run: a code, a sentence for the flow's owner, and whether a retry can help (decision 19)."""


class Fault(Exception):
    """Raised inside a step only; ``step`` turns it into the run's status and the effect ``run.failed``.

    IFR01 too many states in one step · IFR02 too many messages in one step · IFR03 the state is not in this version ·
    IFR04 subflows nested too deeply · IFR05 a subflow is not active · IFR06 too many events in one run · IFR07 a call failed
    that has no exit for it · IFR09 expressions cost too much · IFR10 the run's variables hold too much · IF… an unfinished draft.
    """

    def __init__(self, code: str, message: str, retry: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.retry = code, message, retry
