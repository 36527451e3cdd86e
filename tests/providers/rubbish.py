"""What broken servers of providers have answered, where something usable was asked for."""

#: (code, body) of providers that are broken in the ways we have heard of.
RUBBISH = [
    (200, ""), (200, "<html>All is well</html>"), (200, "[]"), (200, "null"), (200, '"yes"'), (200, "7"), (200, "{}"),
    (200, '{"id": null, "ssiRecordLocator": null}'), (200, '{"id": ["x"], "ssiRecordLocator": {}}'), (200, "[" * 9999),
    (200, '{"id": "a/../b", "ssiRecordLocator": "a b"}'), (200, '{"status": 5, "rules": 5, "instructions": 5}'),
    (200, '{"name": {}, "rules": [1], "instructions": [null, 5, {}], "download_url": "javascript:x"}'),
    (200, '{"results": [null, 5, {"user_id": 5}], "count": "many", "expiration_date": "soon"}'), (200, "\x00\ud7ff"),
    (204, ""), (302, ""), (400, "no"), (404, "<h1>no</h1>"), (405, "{}"), (409, "{}"), (418, "tea"), (429, ""),
    (500, "<h1>Oh</h1>"), (502, ""), (503, '{"id": "x-1", "ssiRecordLocator": "x-1"}'), (599, "?"),
]  # fmt: skip
