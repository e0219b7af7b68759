"""Look at every operation of a forward pass, with the module it belongs to.

References
    [GKK22]  Grabinski, Keuper and Keuper 2022: shortcuts are measured before the sum.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import local
from typing import Any
from weakref import WeakKeyDictionary

from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from repaudit.rerun.aliasing.operation import Operation, Refused
from repaudit.rerun.aliasing.pooling import PowerPooling
from repaudit.rerun.aliasing.recognise import Settings, bound, name_of, recognised
from repaudit.rerun.aliasing.slicing import Slices

Found = Callable[[str, str, "Operation | Refused", Tensor], None]
"""called with layer, operation's name, the operation or why it is refused, and its output"""

POWER = {functional.lp_pool1d: 1, functional.lp_pool2d: 2, functional.lp_pool3d: 3}


class ModulePaths:
    """The path of the module that is running, for each thread.

    Puts hooks on the network; make one for each network, with `paths_of`.
    """

    def __init__(self, network: nn.Module) -> None:
        self._here = local()
        self._owners: dict[int, str] = {}
        for path, module in network.named_modules():
            module.register_forward_pre_hook(self._enter(path))
            module.register_forward_hook(self._leave, always_call=True)
        for name, parameter in [*network.named_parameters(), *network.named_buffers()]:
            if parameter.numel():
                self._owners[parameter.data_ptr()] = name.rpartition(".")[0]

    def name(self, operation: str, weight: Tensor | None) -> str:
        """Return a layer's name: the module's path, and the operation where it is not its own.

        A parameter tells its module in an exported graph too, where no module runs.
        """
        owner = None if weight is None else self._owners.get(weight.data_ptr())
        if owner:
            return owner
        path, is_leaf = self._stack[-1] if self._stack else ("", False)
        if is_leaf and path:
            return path
        return f"{path}:{operation}" if path else operation

    @property
    def _stack(self) -> list[tuple[str, bool]]:
        if not hasattr(self._here, "stack"):
            self._here.stack = []
        stack: list[tuple[str, bool]] = self._here.stack
        return stack

    def _enter(self, path: str) -> Callable[..., None]:
        def enter(module: nn.Module, args: Any) -> None:
            is_leaf = type(module).__module__.startswith("torch.nn.modules.")
            self._stack.append((path, is_leaf and not any(module.children())))

        return enter

    def _leave(self, module: nn.Module, args: Any, output: Any) -> None:
        self._stack.pop()


_PATHS: WeakKeyDictionary[nn.Module, ModulePaths] = WeakKeyDictionary()


def paths_of(network: nn.Module) -> ModulePaths:
    """Return the paths of a network's modules, the same for every call."""
    if network not in _PATHS:
        _PATHS[network] = ModulePaths(network)
    return _PATHS[network]


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Hands every operation that coarsens the grid to ``found``, as it runs."""

    def __init__(self, paths: ModulePaths, rows: int, found: Found) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._paths, self._rows, self._found = paths, rows, found
        self._slices, self._times = Slices(), Counter[str]()
        self._named: dict[int, str] = {}
        self.paused = False

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        output = function(*args, **(kwargs or {}))
        first = output[0] if isinstance(output, tuple) else output
        if not self.paused and isinstance(first, Tensor):
            self._look(function, args, kwargs or {}, first)
        return output

    def _look(self, function: Any, args: Any, kwargs: Settings, output: Tensor) -> None:
        settings = bound(function, args, kwargs)
        if name_of(function) == "slice":
            self._slice(settings, output)
            return
        inputs = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
        self._report_slices(self._slices.take(inputs))
        try:
            operation = recognised(function, settings, output)
        except Refused as reason:
            self.report(name_of(function), None, reason, output)
        else:
            if operation is not None and max(operation.strides) > 1:
                self.report(operation.name, operation.weight, operation, output)

    def _slice(self, settings: Settings, output: Tensor) -> None:
        source, axis, step = settings["self"], settings["dim"], settings["step"]
        if step == 1 or not source.is_floating_point():
            return
        axis %= source.dim()
        if axis < 2 or source.dim() < 3:
            if axis == 1 and source.shape[0] == self._rows:
                reason = "the axis behind the examples may hold channels as well as a grid"
                self.report("slice", None, Refused(reason), output)
            return
        start, end, _ = slice(settings["start"], settings["end"]).indices(source.shape[axis])
        layer = self._named.pop(id(source), None) or self._paths.name("slice", None)
        self._slices.add(source, output, axis, start, end, step)
        self._named[id(output)] = layer

    def _report_slices(self, slices: Sequence[tuple[Tensor, Operation]]) -> None:
        for output, slicing in slices:
            self.report("slice", None, slicing, output, self._named.pop(id(output)))

    def report(
        self,
        name: str,
        weight: Tensor | None,
        operation: Operation | Refused,
        output: Tensor,
        layer: str | None = None,
    ) -> None:
        """Hand over one operation under a name that no other one of this pass has."""
        layer = layer or self._paths.name(name, weight)
        self._times[layer] += 1
        if self._times[layer] > 1:
            layer = f"{layer}#{self._times[layer]}"
        if isinstance(operation, Operation) and operation.source.shape[0] != self._rows:
            operation = Refused("its rows are not the examples")
        self._found(layer, name, operation, output)

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Look away while the body runs."""
        self.paused = True
        try:
            yield
        finally:
            self.paused = False

    def finish(self) -> None:
        """Hand over the slices that nothing read, when nothing is looked at any more."""
        self._report_slices(self._slices.rest())


class _WatchPower(TorchFunctionMode):
    """Sees LP pooling whole: the dispatcher only sees what it consists of."""

    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._watch = watch

    def __torch_function__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        axes = POWER.get(function)
        if axes is None or self._watch.paused:
            return function(*args, **(kwargs or {}))
        with self._watch.pause():
            output = function(*args, **(kwargs or {}))
            operation = _power_pooling(axes, *args, **(kwargs or {}))
            if max(operation.strides) > 1:
                self._watch.report(operation.name, None, operation, output)
        return output


def _power_pooling(
    axes: int,
    input: Tensor,
    norm_type: float,
    kernel_size: Sequence[int] | int,
    stride: Sequence[int] | int | None = None,
    ceil_mode: bool = False,
) -> PowerPooling:
    """Return the operation of a call; the names are torch's own."""
    return PowerPooling(input, axes, float(norm_type), kernel_size, stride, ceil_mode)


@contextmanager
def watching(paths: ModulePaths, rows: int, found: Found) -> Iterator[None]:
    """Call ``found`` for every operation that coarsens the grid while the body runs a network.

    ``rows`` is the number of examples in the batch; an operation over other rows is refused.
    """
    watch = _Watch(paths, rows, found)
    with _WatchPower(watch), watch:
        yield
    watch.finish()
