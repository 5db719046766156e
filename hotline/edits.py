"""How far two spellings are apart."""


def count_edits(one: str, other: str) -> int:
    """Signs to change, add, drop or swap with a neighbour to make one spelling of the other (optimal alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for column, wanted in enumerate(other, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (sign != wanted))
            if at > 1 and column > 1 and sign == other[column - 2] and one[at - 2] == wanted:
                cost = min(cost, earlier[column - 2] + 1)
            row.append(cost)
    return row[-1]
