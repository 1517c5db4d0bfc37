"""From the records of a file to records of the workspace, one module for each kind of file."""
