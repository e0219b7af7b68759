"""What a re-run says while it runs."""

from collections.abc import Callable

from repaudit.contract.task import CertificationTask, GeometryTask, Task

Progress = Callable[[str, int, int], None]
"""called with the task's label, the forwards done and the forwards in total"""


def label_of(task: Task) -> str:
    """Return a name of the task that no other task of the results file has.

    Its parts are ids, which hold no blank.
    """
    parts = [task.evaluation]
    if not isinstance(task, GeometryTask):
        parts.append(task.checkpoint.id)
    if isinstance(task, CertificationTask | GeometryTask):
        parts.append(f"repeat {task.repeat}")
    return " ".join(parts)
