"""The drawings of the statistics: reportlab draws them, a page takes them in as SVG, a report as they
are.

No style stands in a page's drawing (the site's security policy allows none): its colours are the
site's tokens, light and dark, and its letters the page's own. A chart is plain values, so that a
report keeps it with its figures.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from xml.etree import ElementTree

from django.utils.safestring import SafeString, mark_safe
from reportlab.graphics import renderSVG
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import Color, black

from bookings.core.bulk import in_chunks
from bookings.statistics.arithmetic import Interval, Step

Anchor = Literal["start", "middle", "end"]
WIDTH, LETTER = 360, 12
SLACK = 16  # the page's letters may be wider than those reckoned with
TEAL, AMBER, RED, GREY = (
    Color(0.06, 0.36, 0.36),
    Color(0.77, 0.5, 0.09),
    Color(0.64, 0.15, 0.11),
    Color(0.6, 0.62, 0.6),
)
TOKENS = {
    "rgb(0%,0%,0%)": "currentColor",
    "rgb(6%,36%,36%)": "var(--chart-1)",
    "rgb(77%,50%,9%)": "var(--chart-2)",
    "rgb(64%,15%,11%)": "var(--chart-3)",
    "rgb(60%,62%,60%)": "var(--chart-4)",
    "None": "none",
}


class Range(NamedTuple):
    """One line of `ranges`: a share between two bounds; `note` stands at its end."""

    label: str
    bounds: Interval
    share: float | None
    note: str


@dataclass(frozen=True)
class Chart:
    """What is drawn, as values that JSON can hold: `data` are the arguments of DRAWN[kind]."""

    kind: str
    data: list[Any]
    title: str

    def drawing(self, font: str = "Helvetica") -> Drawing:
        return DRAWN[self.kind](*self.data, font)

    def pieces(self, lines: int) -> list["Chart"]:
        """Of a drawing that grows by its lines, so many each: a sheet of paper has an end."""
        if self.kind != "ranges":
            return [self]
        [data] = self.data
        return [replace(self, data=[some]) for some in in_chunks(data, lines)]

    @property
    def svg(self) -> SafeString:
        return _svg_of(self.kind, json.dumps(self.data), self.title)


@lru_cache(maxsize=100)
def _svg_of(kind: str, data: str, title: str) -> SafeString:
    """Drawing takes longer than all else on a page, and many look at the same one."""
    return svg(Chart(kind, json.loads(data), title).drawing(), title=title)


def ranges(lines: Sequence[Range], *, title: str) -> Chart:
    """Each share as a dot on the way from its lower to its upper bound, from 0 to 100 %."""
    data = [[one.label, list(one.bounds), one.share, one.note] for one in lines]
    return Chart("ranges", [data], title)


def curve(steps: Sequence[Step], *, title: str, unit: str) -> Chart:
    """A share that falls by steps, from all at day 0."""
    return Chart("curve", [[[step.time, step.share] for step in steps], unit], title)


def stacked(
    names: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, title: str
) -> Chart:
    """One bar a name, of several parts, at most four; what those are called above."""
    parts = [[name, list(counts)] for name, counts in series]
    return Chart("stacked", [list(names), parts], title)


def _ranges(lines: list[Any], font: str) -> Drawing:
    step, foot = 36, 22
    drawing = Drawing(WIDTH, step * len(lines) + foot)
    left, right = 6.0, WIDTH - 6.0

    def at(share: float) -> float:
        return left + share * (right - left)

    ticks = (0, 0.25, 0.5, 0.75, 1)
    for tick in ticks:
        anchor: Anchor = "start" if tick == 0 else "end" if tick == 1 else "middle"
        drawing.add(_letters(at(tick), 4, f"{tick:.0%}", font, anchor))
    for number, (label, bounds, share, note) in enumerate(lines):
        y = drawing.height - step * number - 26
        for tick in ticks:  # beside the dots alone: no line crosses a word
            drawing.add(Line(at(tick), y - 8, at(tick), y + 8, strokeColor=GREY, strokeWidth=0.5))
        drawing.add(_letters(left, y + 12, label, font))
        drawing.add(_letters(right - SLACK, y + 12, note, font, "end"))
        low, high = map(at, bounds)
        drawing.add(Line(low, y, high, y, strokeColor=TEAL, strokeWidth=3))
        for end in (low, high):
            drawing.add(Line(end, y - 5, end, y + 5, strokeColor=TEAL, strokeWidth=2))
        if share is not None:
            drawing.add(Circle(at(share), y, 5, fillColor=AMBER, strokeColor=black))
    return drawing


def _curve(steps: list[Any], unit: str, font: str) -> Drawing:
    left, foot, top = 40.0, 36.0, 190.0
    drawing = Drawing(WIDTH, top + 14)
    last = max(time for time, _share in steps) or 1

    def at(time: float, share: float) -> tuple[float, float]:
        return left + time / last * (WIDTH - left - 20), foot + share * (top - foot)

    for tick in (0, 0.25, 0.5, 0.75, 1):
        y = at(0, tick)[1]
        drawing.add(Line(left, y, WIDTH - 8, y, strokeColor=GREY, strokeWidth=0.5))
        drawing.add(_letters(left - 6, y - 4, f"{tick:.0%}", font, "end"))
    points = [at(0, 1)]
    for time, share in steps:
        before = points[-1]
        after = at(time, share)
        points += [(after[0], before[1]), after]
        drawing.add(_letters(after[0], foot - 16, str(time), font, "middle"))
    flat = [number for point in points for number in point]
    drawing.add(PolyLine(flat, strokeColor=TEAL, strokeWidth=2.5))
    for time, share in steps:
        drawing.add(Circle(*at(time, share), 4, fillColor=AMBER, strokeColor=black))
    # from where it begins: only digits are measured right
    drawing.add(_letters(left, 4, unit, font))
    return drawing


def _stacked(names: list[str], series: list[Any], font: str) -> Drawing:
    colours = (TEAL, AMBER, RED, GREY)
    head = 18.0 * len(series) + 14
    drawing = Drawing(WIDTH, 190 + head)
    for number, (name, _counts) in enumerate(series):
        y = drawing.height - 14 - 18 * number
        swatch = Rect(8, y - 1, 12, 12)
        swatch.fillColor, swatch.strokeColor = colours[number], None
        drawing.add(swatch)
        drawing.add(_letters(26, y, name, font))
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 48, 28, WIDTH - 56, 155
    chart.data = [list(counts) for _name, counts in series]
    chart.categoryAxis.style = "stacked"
    chart.categoryAxis.categoryNames = names
    chart.categoryAxis.labels.fontName = chart.valueAxis.labels.fontName = font
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = LETTER - 1
    chart.valueAxis.valueMin, chart.barSpacing, chart.groupSpacing = 0, 0, 4
    chart.valueAxis.valueMax = max(1, *(sum(counts) for counts in zip(*chart.data, strict=True)))
    for number in range(len(series)):
        chart.bars[number].fillColor, chart.bars[number].strokeColor = colours[number], None
    drawing.add(chart)
    return drawing


DRAWN: dict[str, Callable[..., Drawing]] = {
    "ranges": _ranges,
    "curve": _curve,
    "stacked": _stacked,
}


def _letters(x: float, y: float, text: str, font: str, anchor: Anchor = "start") -> String:
    return String(x, y, text, fontSize=LETTER, textAnchor=anchor, fontName=font)


def svg(drawing: Drawing, *, title: str) -> SafeString:
    """A drawing as an SVG that may stand in a page, with a name for who cannot see it."""
    drawn = renderSVG.drawToString(drawing)
    root = ElementTree.fromstring(drawn[drawn.index("<svg") :])
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rpartition("}")[2] in ("title", "desc", "clipPath"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]  # in a page an SVG needs no namespace
        element.attrib.pop("id", None)
        _without_style(element)
    height, width = root.attrib.pop("height"), root.attrib.pop("width")
    root.attrib |= {"class": "chart", "role": "img", "viewBox": f"0 0 {width} {height}"}
    name = ElementTree.Element("title")
    name.text = title
    root.insert(0, name)
    return mark_safe(ElementTree.tostring(root, encoding="unicode"))  # noqa: S308 escaped by the tree


def _without_style(element: ElementTree.Element) -> None:
    """Its style as attributes, its colours as the site's, its letters as the page's."""
    for rule in element.attrib.pop("style", "").split(";"):
        name, _colon, value = (part.strip() for part in rule.partition(":"))
        if name and name not in ("font-family", "clip-path"):
            element.set(name, TOKENS.get(value, value))
