"""Does the program suit this computer? What someone who installs it learns in two minutes."""
