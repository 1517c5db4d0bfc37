"""Bodies of leaves that no program of ours writes: refused, whatever way they come by."""

from __future__ import annotations

from typing import Final

MALFORMED: Final = (
    b"",
    b"[]",
    b"null",
    b"{",
    b'{"w":{}}',
    b'{"r":1,"w":{}}',
    b'{"r":"x"}',
    b'{"r":"x","w":[]}',
    b'{"r":"x","w":{"name":1}}',
    b'{"r":"x","w":{"name":["a"]}}',
    b'{"r":"x","w":{},"x":[[1,2]]}',
    b'{"r":"x","w":{},"x":5}',
    b'{"e":[["0",1,{}]],"r":"x","w":{}}',
    b'{"c":"1","r":"x","w":{}}',
    b'{"c":NaN,"r":"x","w":{}}',
    b'{"m":5,"r":"x","w":{}}',
    b'{"r":"x","u":"a","w":{}}',
    b'{"r":"x","r":"y","w":{}}',
    b'{"r": "x", "w": {}}',
    b'{"r":"x","w":{"name":"\\u0000"}}',
    b'{"r":"x","w":{"name":"\\ud800"}}',
    b'{"r":"x","w":{"name":"\xff"}}',
    b"[" * 100_000,
)


def case(body: bytes) -> str:
    """What a test with such a body is called."""
    return body[:30].decode("latin-1")
