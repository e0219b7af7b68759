"""What a re-run says while it runs."""

from collections.abc import Callable

from repaudit.contract.task import CertificationTask, CleanTask, Task

Progress = Callable[[str, int, int], None]
"""called with the task's label, the forwards done and the forwards in total"""


def label_of(task: Task) -> str:
    """Return a name of the task that no other task of the results file has.

    Its parts are ids, which hold no blank.
    """
    parts = [task.evaluation]
    if isinstance(task, CertificationTask | CleanTask):
        parts.append(task.checkpoint.id)
    if not isinstance(task, CleanTask):
        parts.append(f"repeat {task.repeat}")
    return " ".join(parts)
