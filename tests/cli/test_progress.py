"""What is shown of a long run: speed, time left, the whole, and how each evaluation ended."""

import io
import os
import pty
import re
import select
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from repaudit._core.progress import Step
from repaudit.cli.bars import bars
from repaudit.cli.progress import BETWEEN_LINES_SECONDS, Lines
from repaudit.cli.rate import WINDOW_SECONDS, Rate
from tests.cli.commands import COMMAND, ENVIRONMENT


@dataclass
class Time:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_speed_is_that_of_the_last_seconds() -> None:
    time = Time()
    rate = Rate(time)
    for second in range(101):
        time.now = 100.0 + second
        rate.see(10 * second if second <= 50 else 500 + 70 * (second - 50))
    assert rate.per_second == 70.0
    assert rate.seconds == 100.0


def test_speed_of_slow_steps_is_that_of_the_last_two() -> None:
    time = Time()
    rate = Rate(time)
    for made in (0, 600, 1200):
        rate.see(made)
        time.now += 6 * WINDOW_SECONDS
    assert rate.per_second == 10.0


def test_waiting_is_no_work() -> None:
    time = Time()
    rate = Rate(time)
    rate.see(0)
    assert rate.per_second is None
    time.now += 1000.0
    rate.see(0)
    time.now += 1.0
    rate.see(50)
    assert rate.per_second == 50.0


def test_lines_say_speed_time_left_and_the_whole_every_half_minute() -> None:
    time, said = Time(), list[str]()
    lines = Lines(said.append, time)
    for name in ("one", "two"):
        lines(Step(name, total=1000))
    for second in range(61):
        lines(Step("one", "a repeat 0", 10 * second, 1000))
        time.now += 1.0
    assert BETWEEN_LINES_SECONDS == 30.0
    assert said == [
        "one: a repeat 0: 300/1,000 forwards, 10/s, 1:10 left; in all 300/2,000, 2:50 left",
        "one: a repeat 0: 600/1,000 forwards, 10/s, 40 s left; in all 600/2,000, 2:20 left",
    ]


def test_what_a_journal_had_is_done_but_in_no_speed() -> None:
    time, said = Time(), list[str]()
    lines = Lines(said.append, time)
    for second in range(31):
        lines(Step("one", "a", 9000 + second, 10_000, kept=9000))
        time.now += 1.0
    assert said == ["one: a: 9,030/10,000 forwards, 1/s, 16:10 left"]
    lines(Step("one", "4 claims agree so far", is_over=True))
    assert said[1:] == ["one: 4 claims agree so far; 30 forwards in 31 s"]


def test_end_without_words_is_no_line() -> None:
    said = list[str]()
    lines = Lines(said.append)
    lines(Step("one", "a", 5, 10))
    lines(Step("one", is_over=True))
    assert said == []


def test_a_terminal_has_bars_and_a_line_for_what_is_over() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=200, color_system=None)
    with bars(console) as show:
        for name in ("one", "[b]two"):
            show(Step(name, total=1000))
        show(Step("one", "a", 0, 1000))
        show(Step("one", "a", 500, 1000))
        show(Step("one", "4 claims agree so far", is_over=True))
        show(Step("[b]two", "b\x1b[2J", 100, 1000))
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())
    assert "one: 4 claims agree so far; 500 forwards in 0 s\n" in shown
    assert "[b]two: b\\u001b[2J" in shown  # names are somebody else's text
    assert "\x1b[2J" not in stream.getvalue()
    assert re.search(r"100/1,000 forwards, .*left", shown)
    assert re.search(r"in all .*600/1,500 forwards", shown)


@pytest.mark.slow
def test_a_check_on_a_terminal_draws_and_leaves_one_line_per_evaluation(study: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*COMMAND, "check", "results.json", "--device", "cpu", "--mode", "full"]
    with subprocess.Popen(
        command, cwd=study, env=ENVIRONMENT | {"TERM": "xterm"}, stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = read_all(ours)
        assert process.stdout is not None
        assert b"claims" in process.stdout.read()
    assert process.returncode == 0
    assert "\x1b[" in shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert re.search(r"waveform-high: .*/[\d,]+ forwards", plain)
    for name in ("waveform-high", "clip-geometry"):
        (line,) = re.findall(rf"{name}: (\d+ claims agree so far[^\r\n]*)", plain)
        assert "forwards in" in line


def read_all(terminal: int) -> str:
    """Return what is written to a terminal until nobody has it open any more."""
    data = b""
    while select.select([terminal], [], [], 120)[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # on Linux the end of a terminal
            break
        if not part:
            break
        data += part
    os.close(terminal)
    return data.decode()
