"""The demo's first course: weather and climate, with an exam of twenty questions."""

from portal.demo.questions import essay, number, one, several, word
from portal.domain.answers import kinds

CHART = (
    '<p><img src="asset:rain.svg" width="390" height="135" alt="Bar chart of rain in millimetres: '
    "January 62, February 48, March 51, April 44, May 57, June 71, July 83, August 79, September 60, "
    'October 66, November 70, December 68."></p>'
)

#: One question of each kind.
PRACTICE = tuple(kind.example for kind in kinds.KINDS.values())

MIDTERM = (
    one(
        "Weather or climate",
        "Which sentence is about climate?",
        "It rained in Fernhill this morning.",
        "*Julys in Fernhill have become two degrees warmer in fifty years.",
        "A gust of 28 m/s was measured at the pier.",
        "Fog is expected until nine.",
    ),
    one(
        "The lowest layer",
        "In which layer of the atmosphere does nearly all weather happen?",
        "*Troposphere",
        "Stratosphere",
        "Mesosphere",
        "Thermosphere",
    ),
    number(
        "Cooling with height",
        "Dry air cools by about 9.8 °C for each kilometre it rises. It starts at 24 °C. "
        "How warm is it, in °C, after rising 1.5 km?",
        "9.3",
        within="0.1",
    ),
    one(
        "What a barometer shows",
        "What does a falling barometer usually announce?",
        "A long dry spell",
        "*Unsettled weather",
        "A clear night",
        "Nothing at all",
    ),
    several(
        "Where fog forms",
        "What helps fog to form over land in the night? Choose all that fit.",
        "*A clear sky",
        "*Damp air near the ground",
        "A strong wind",
        "*A calm night",
        "Thick cloud",
    ),
    word(
        "The water goes up",
        "Which word names the change from liquid water to vapour?",
        "evaporation",
        "evaporating",
        "vaporisation",
        "vaporization",
    ),
    one(
        "The wettest month",
        CHART + "<p>Which month of the chart is the wettest?</p>",
        "June",
        "*July",
        "August",
        "November",
    ),
    number(
        "Half a year of rain",
        CHART + "<p>How many millimetres fell from January to March together?</p>",
        "161",
    ),
    one(
        "Wind and pressure",
        "On a weather map the isobars stand close together. What does that mean?",
        "*Strong wind",
        "No wind",
        "Snow",
        "Equal pressure everywhere",
    ),
    one(
        "Sea breeze",
        "Why does a breeze blow from the sea on a sunny afternoon?",
        "The sea is warmer than the land.",
        "*The land is warmer, air rises there, and cooler air follows from the sea.",
        "Tides push the air ashore.",
        "Clouds over the sea press the air away.",
    ),
    several(
        "Gases that keep warmth",
        "Which of these are greenhouse gases? Choose all that fit.",
        "*Carbon dioxide",
        "*Methane",
        "Argon",
        "*Water vapour",
        "Nitrogen",
    ),
    number(
        "Relative humidity",
        "Air could hold 16 g of vapour per cubic metre and holds 12 g. What is its relative humidity, in per cent?",
        "75",
    ),
    one("High clouds", "Which cloud is made of ice crystals?", "Stratus", "Cumulus", "*Cirrus", "Nimbostratus"),
    word("A tower of cloud", "Which cloud brings thunder and hail? Give its Latin name.", "cumulonimbus"),
    one(
        "A warm front",
        "What usually comes before a warm front arrives?",
        "*High thin cloud that thickens slowly",
        "A short sudden storm",
        "A drop in temperature",
        "Dry, clear air",
    ),
    number(
        "Kilometres per hour",
        "The wind blows at 15 metres per second. How many kilometres per hour is that?",
        "54",
        within="0.5",
    ),
    several(
        "Measuring rain",
        "Where should a rain gauge stand? Choose all that fit.",
        "*Away from trees and walls",
        "Under the edge of a roof",
        "*With its rim level",
        "On a warm wall facing south",
    ),
    one(
        "The seasons",
        "Why does Fernhill have seasons?",
        "The Earth is nearer to the Sun in summer.",
        "*The Earth's axis is tilted.",
        "The Sun shines more strongly in summer.",
        "The Moon shades the Earth in winter.",
    ),
    word(
        "A line on the map",
        "What is a line on a map called that joins places of equal pressure?",
        "isobar",
        "an isobar",
        "isobars",
    ),
    essay(
        "Explain to a neighbour",
        "A neighbour says: <q>It snowed in May, so the climate is not getting warmer.</q> Answer in three to "
        "six sentences. Use the words <strong>weather</strong> and <strong>climate</strong>.",
    ),
)

MAP_QUIZ = (MIDTERM[3], MIDTERM[8], MIDTERM[14], MIDTERM[12], MIDTERM[18])
FINAL = (*MIDTERM[1:6], *MIDTERM[9:16], MIDTERM[17], MIDTERM[19])
CLOUDS = (*MIDTERM[1:5], *MIDTERM[11:15])
STORMS = (MIDTERM[8], MIDTERM[9], *MIDTERM[13:16], MIDTERM[3], MIDTERM[18], MIDTERM[6], MIDTERM[19])
FORECAST = (MIDTERM[18], MIDTERM[8], MIDTERM[14], MIDTERM[19])

#: For learners to read before a proctored exam, one to a line.
RULES = """Work alone, in a room with its door closed.
Paper, a pencil and a glass of water may be on the table. A telephone may not.
Do not wear headphones.
"""

MATERIALS = (
    "<h2>Units</h2><p>You may use this page during the exam.</p><table><thead><tr><th scope='col'>From</th>"
    "<th scope='col'>To</th><th scope='col'>Multiply by</th></tr></thead><tbody><tr><td>m/s</td><td>km/h</td>"
    "<td>3.6</td></tr><tr><td>km</td><td>m</td><td>1000</td></tr></tbody></table>"
)
