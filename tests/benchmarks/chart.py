"""The planning time by the beds of a station, drawn as SVG."""

from math import ceil
from pathlib import Path

from reportlab.graphics import renderSVG
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import HexColor, white

TEAL, GREY = HexColor("#0f766e"), HexColor("#a8a29e")


def draw(points: list[tuple[int, float]], path: Path) -> None:
    """`points` are (beds, milliseconds at p50); a grey line shows growth in step with the beds."""
    (fewest, first), (most, last) = points[0], points[-1]
    in_step = [(fewest, first), (most, first * most / fewest)]
    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = 50, 45, 420, 190
    plot.data = [points, in_step]
    plot.lines[0].strokeColor, plot.lines[0].strokeWidth = TEAL, 2
    plot.lines[0].symbol = makeMarker("FilledCircle", size=5, fillColor=TEAL, strokeColor=TEAL)
    plot.lines[1].strokeColor, plot.lines[1].strokeDashArray = GREY, (4, 3)
    plot.xValueAxis.valueMin, plot.xValueAxis.valueMax = 0, 550
    plot.xValueAxis.valueSteps = list(range(0, 551, 100))
    plot.yValueAxis.valueMin, plot.yValueAxis.valueMax = 0, 0.5 * ceil(2 * max(last, in_step[1][1]))
    plot.yValueAxis.labelTextFormat = "%0.1f"
    drawing = Drawing(500, 275)
    drawing.add(Rect(0, 0, 500, 275, fillColor=white, strokeColor=None))  # on a dark page too
    drawing.add(plot)
    drawing.add(String(50, 255, "Planning a request: p50 in ms (two cores, load 0.9)", fontSize=11))
    drawing.add(String(50, 241, "dashed: in step with the beds", fontSize=9, fillColor=GREY))
    drawing.add(String(430, 12, "beds", fontSize=10))
    for beds, took in points:
        drawing.add(
            String(
                plot.x + plot.width * beds / 550 + 4,
                plot.y + 4,
                f"{took:.2f}",
                fontSize=8,
                fillColor=TEAL,
            )
        )
    renderSVG.drawToFile(drawing, str(path))
