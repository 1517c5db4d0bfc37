# The same interface as Python's own binding, built on another SQLite.
from sqlite3.dbapi2 import *
