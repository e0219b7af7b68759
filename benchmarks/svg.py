"""Lines and words of the drawings."""

from typing import Any

INK = "#1b1e22"


def line(x1: float, y1: float, x2: float, y2: float, color: str, width: float) -> str:
    """Return a line."""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{color}" stroke-width="{width}"/>'


def words(x: float, y: float, text: str, **how: Any) -> str:
    """Return a text; ``how`` has size, anchor, color, bold."""
    weight = ' font-weight="600"' if how.get("bold") else ""
    size, anchor = how.get("size", 12), how.get("anchor", "start")
    color = how.get("color", INK)
    shape = f'font-size="{size}" text-anchor="{anchor}" fill="{color}"{weight}'
    return f'<text x="{x:.1f}" y="{y:.1f}" {shape}>{text}</text>'
