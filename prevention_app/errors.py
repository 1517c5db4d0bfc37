"""What can go wrong in a way that a user can understand; everything else is a bug."""

from __future__ import annotations

import errno
from typing import Final


class PreventionError(Exception):
    """A refusal or failure whose message is a finished French sentence, fit to be shown."""


class UnreadableFile(PreventionError):
    """A file from outside cannot be read; the message names it and says what to do."""


class NotFound(PreventionError):
    """What a user named (a reference, a register, a field) does not exist here."""


class Refused(PreventionError):
    """The act is understood and not allowed; nothing was changed."""


class Misplaced(Refused):
    """A workspace lies where no database is safe, as on a network share; it is left alone."""


class PassphraseNeeded(Refused):
    """A passphrase protects the key of this computer, and none was given."""


class WrongPassphrase(PassphraseNeeded):
    """The passphrase that was given is another one."""


class Busy(PreventionError):
    """Another process is writing and did not finish in time."""


class NewerFormat(PreventionError):
    """The workspace or file was written by a newer version of the program."""


class Damaged(PreventionError):
    """A workspace is not what it should be and does not open: a backup brings it back."""


class Cancelled(PreventionError):
    """The user stopped a long operation; nothing was changed."""


class WrongUsage(PreventionError):
    """A command was given arguments that make no sense together."""


# -- what the system says ----------------------------------------------------------------------

_REASONS: Final = {
    errno.ENOENT: "fichier introuvable",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "accès refusé",
    errno.ENOSPC: "plus de place",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EEXIST: "un fichier de ce nom est déjà là",
}


def reason_of(error: OSError) -> str:
    """Why the system refused a file, in a few French words."""
    return _REASONS.get(error.errno or 0, "le système a refusé")


def reason_not_written(error: OSError) -> str:
    """Why the system refused to write a file: one that is not there yet cannot be missed."""
    if error.errno == errno.ENOENT:
        return "ce dossier n’existe pas ou n’accepte pas de fichier"
    return reason_of(error)
