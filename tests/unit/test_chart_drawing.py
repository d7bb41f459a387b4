"""A chart of what is on screen: every value told, and bars as long as their numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from drawn import CHART, corners, svg, titles, width
from screens import COLUMNS, kampen, village

from meetingplaces.export.figures import ChartFigure, Panel
from meetingplaces.export.files import drawing_file


def test_a_chart_tells_every_value_with_its_interval():
    assert titles(svg(village(), CHART)) == [
        "Dorp West, Dekking: 47,6%", "Dorp Oost, Dekking: 0,0%", "Het hele dorp, Dekking: 100,0%",
        "Buitengebied, Dekking: onbekend",
        "Dorp West, Niet bereikt: 759 (750 – 770)", "Dorp Oost, Niet bereikt: 0 (0 – 0)",
        "Het hele dorp, Niet bereikt: 1.234.568 (1.000.000 – 2.000.000)", "Buitengebied, Niet bereikt: onbekend",
        "Dorp West, Helft woont binnen: 412 m", "Het hele dorp, Helft woont binnen: 1.999 m",
        "Dorp Oost, Helft woont binnen: verder dan 2.000 m", "Buitengebied, Helft woont binnen: onbekend",
    ]  # fmt: skip


def test_bars_are_as_long_as_their_numbers():
    screen, root = kampen(), svg(kampen(), ChartFigure(("name",), (Panel("people"),)))
    numbers = screen.numbers("people")
    known = [row for row, number in enumerate(numbers) if number is not None]
    lengths = [width(root, f"row-{row}-0") for row in known]
    longest = max(range(len(known)), key=lambda at: lengths[at])
    scale = lengths[longest] / numbers[known[longest]]
    assert len(known) > 20
    assert lengths == pytest.approx([numbers[row] * scale for row in known], abs=0.01)


def test_bars_below_zero_go_the_other_way():
    table = pd.DataFrame({"name": ["meer", "minder"], "index": [30.0, -20.0]})
    screen = village(table=table, columns=(COLUMNS[0], COLUMNS[8]), geometry=None)
    more, less = (corners(svg(screen, ChartFigure(("name",), (Panel("index"),))), f"row-{row}-0")[0] for row in (0, 1))
    assert more[:, 0].min() == pytest.approx(less[:, 0].max(), abs=0.01)
    assert np.ptp(more[:, 0]) / np.ptp(less[:, 0]) == pytest.approx(1.5, rel=1e-3)


def test_the_row_to_compare_with_is_a_line_through_all_others():
    lines = [
        drawing_file(village(), replace(CHART, reference_row=row), "svg").count(b"stroke: #b30000")
        for row in (None, 2, 3)
    ]
    assert lines == [0, 1, 4], "nothing; the key alone, for its values are unknown; and a line in each panel"
