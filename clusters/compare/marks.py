"""How the marks of districts are drawn: their shapes on a square of 16, and their colors on white."""

from clusters.models import Mark

SHAPES = {
    "square": "M1 1h14v14H1z",
    "diamond": "M8 0l8 8-8 8-8-8z",
    "triangle": "M8 .5L16 15H0z",
    "wedge": "M8 15.5L0 1h16z",
    "plus": "M5.5 0h5v5.5H16v5h-5.5V16h-5v-5.5H0v-5h5.5z",
    "hexagon": "M4 1h8l4 7-4 7H4L0 8z",
    "pentagon": "M8 .5l8 5.8-3 9.2H3L0 6.3z",
    "hourglass": "M1 0h14L9.5 8 15 16H1l5.5-8z",
    "star": "M8 0l2.4 5.6L16 8l-5.6 2.4L8 16l-2.4-5.6L0 8l5.6-2.4z",
    "shield": "M1 1h14v8l-7 7-7-7z",
    "bars": "M0 1h4.4v14H0zM5.8 1h4.4v14H5.8zM11.6 1H16v14h-4.4z",
    "octagon": "M5 0h6l5 5v6l-5 5H5l-5-5V5z",
}
# The light colors of the style sheet, for pictures that no style sheet reaches.
COLORS = {
    Mark.SQUARE: "#1c5c9c",
    Mark.DIAMOND: "#b13f17",
    Mark.TRIANGLE: "#0d7261",
    Mark.WEDGE: "#7a3f8e",
    Mark.PLUS: "#7d5f00",
    Mark.HEXAGON: "#4b5d72",
    Mark.PENTAGON: "#93365d",
    Mark.HOURGLASS: "#4b6a1e",
    Mark.STAR: "#00687f",
    Mark.SHIELD: "#7a4a2c",
    Mark.BARS: "#4a4ab0",
    Mark.OCTAGON: "#5c6166",
}
