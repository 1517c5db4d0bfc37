"""What the process that reads what is due does: no Qt here, so that it starts quickly."""

from __future__ import annotations

import contextlib
from multiprocessing.connection import Connection
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.errors import PreventionError
from prevention_app.services.due_board import DueBoard
from prevention_app.services.due_list import DueAnswer


def serve(pipe: Connection, folder: Path) -> None:
    """Answer questions about the workspace until the window closes.

    Receives (registers written since or None for any, key → question); sends for each (key,
    question, answer or the sentence that says why there is none).
    """
    store, board = bootstrap.open_workspace(folder), DueBoard()
    with contextlib.suppress(EOFError, OSError):
        while True:
            forgotten, questions = pipe.recv()
            if forgotten is None or forgotten:
                board.forget(store, forgotten)
            for key, question in questions.items():
                try:
                    told: DueAnswer | str = board.answer(store, question)
                except PreventionError as error:
                    told = str(error)
                pipe.send((key, question, told))
