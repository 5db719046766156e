"""The proof of privacy: canaries through every path, then a search of every place (P1-P3, P6).

``paths*.py`` say where words go in, ``places.py`` where they are looked for, ``shapes.py`` as what they would still be
words, ``mutations.py`` which leaks must turn it red. ``make prove-privacy`` runs it all and prints the table.
"""
