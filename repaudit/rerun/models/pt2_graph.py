"""Check the graph of an exported program before torch interprets it.

torch resolves operator names by walking Python attributes, evaluates shape expressions with
sympy's ``eval`` and compiles guards, so a hostile JSON document can run code. What is let
through calls ATen operators only, has arithmetic in its shapes, and maps one tensor to one.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

TARGET = re.compile(
    r"torch\.ops\.aten\.(?!from_file)[a-z_0-9]+\.[A-Za-z_0-9]+"
    r"|_operator\.(getitem|add|sub|mul|floordiv|mod|neg|eq|ne|lt|le|gt|ge)"
)
"""every operator of the ATen library but the one that maps files into memory"""
SYMBOL = re.compile(r"Symbol\('[su]\d+'(, (positive|nonnegative|integer)=True)*\)|[su]\d+")
ARITHMETIC = re.compile(r"(?:\b(Integer|Add|Mul|Mod|FloorDiv|Max|Min)\b|[\d\s+\-/(),]|\*(?!\*))*")
"""what is left of a shape expression without its symbols; no powers, which can be made endless"""
MAX_EXPRESSION = 500
FORBIDDEN = ("as_graph", "as_custom_obj", "as_operator")
INPUT_KINDS = ("user_input", "parameter", "buffer", "tensor_constant")
LEAF: dict[str, Any] = {"type": None, "context": None, "children_spec": []}
ONE_TENSOR_IN: dict[str, Any] = {
    "type": "builtins.tuple",
    "context": "null",
    "children_spec": [
        {"type": "builtins.tuple", "context": "null", "children_spec": [LEAF]},
        {"type": "builtins.dict", "context": "[]", "children_spec": []},
    ],
}


class Refused(Exception):
    """A part of the archive that could run code, or that no classifier needs."""

    def __init__(self, expected: str, found: str) -> None:
        self.expected, self.found = expected, found
        super().__init__(expected, found)


def check_graph(program: Any) -> Any:
    """Return the program without what evaluation does not need: metadata and call records.

    Raises ``Refused`` for anything that is not plain tensor arithmetic in evaluation mode.
    """
    module = program["graph_module"]
    for key, value in _items(program):
        _check_item(key, value)
    for symbol in program["range_constraints"]:
        if not re.fullmatch(r"[su]\d+", symbol):
            raise Refused("plain names of sizes", repr(symbol))
    if program.get("guards_code"):
        raise Refused("no guards in Python code", f"{len(program['guards_code'])}")
    _check_signature(module["signature"])
    calls = [call for call in module["module_call_graph"] if call["fqn"] == ""]
    _check_call(calls)
    for node in module["graph"]["nodes"]:
        _check_node(node)
        node["metadata"] = {}
    module.update(module_call_graph=calls, metadata={}, treespec_namedtuple_fields={})
    return program


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key and value of a JSON document, at any depth but inside ``metadata``."""
    if isinstance(value, list):
        for item in value:
            yield from _items(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            if key != "metadata":
                yield from _items(item)


def _check_item(key: str, value: Any) -> None:
    if key in FORBIDDEN and value is not None:
        raise Refused("tensors and numbers as arguments", key)
    if key == "expr_str":
        rest = SYMBOL.sub("", value)
        if len(value) > MAX_EXPRESSION or not ARITHMETIC.fullmatch(rest):
            raise Refused("arithmetic in the sizes", repr(value[:80]))


def _check_signature(signature: Any) -> None:
    kinds = [kind for spec in signature["input_specs"] for kind in spec]
    if other := sorted(set(kinds) - set(INPUT_KINDS)):
        raise Refused("one tensor and weights as inputs", other[0])
    if kinds.count("user_input") != 1:
        raise Refused("one input tensor", f"{kinds.count('user_input')}")


def _check_call(calls: list[Any]) -> None:
    signature = calls[0]["signature"] if len(calls) == 1 else None
    if signature is None:
        raise Refused("one entry into the graph", f"{len(calls)}")
    if json.loads(signature["in_spec"])[1] != ONE_TENSOR_IN:
        raise Refused("one input tensor", "another input")
    if json.loads(signature["out_spec"])[1] != LEAF:
        raise Refused("one output tensor", "another output")


def _check_node(node: Any) -> None:
    target = node["target"]
    if not TARGET.fullmatch(target):
        raise Refused("ATen operators only", repr(target))
    for argument in node["inputs"]:
        if argument["name"] in ("training", "train") and argument["arg"].get("as_bool"):
            raise Refused("a network exported in eval mode", f"{target} in training mode")
