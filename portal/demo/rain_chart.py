"""The chart in the demo's exams, drawn from its figures."""

from portal.domain.courses.published import AssetPublished

RAIN_MM = (62, 48, 51, 44, 57, 71, 83, 79, 60, 66, 70, 68)
MONTHS = "JFMAMJJASOND"


def rain_chart() -> AssetPublished:
    """A picture for two of the questions: rain by month, drawn here."""
    bars = "".join(
        f'<rect x="{20 + 30 * i}" y="{110 - mm}" width="22" height="{mm}" fill="#38618c"/>'
        f'<text x="{31 + 30 * i}" y="126" text-anchor="middle">{MONTHS[i]}</text>'
        f'<text x="{31 + 30 * i}" y="{105 - mm}" text-anchor="middle">{mm}</text>'
        for i, mm in enumerate(RAIN_MM)
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 390 135" width="390" height="135" '
        'font-family="sans-serif" font-size="11"><rect width="390" height="135" fill="#fff"/>'
        f'{bars}<line x1="14" x2="380" y1="110.5" y2="110.5" stroke="#444"/></svg>'
    )
    return AssetPublished(name="rain.svg", media_type="image/svg+xml", content=svg.encode())
