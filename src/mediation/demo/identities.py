"""Made-up numbers for made-up people: they pass every check, and belong to a division that does not exist."""

from typing import Final

from stdnum.cn import ric, uscc

DIVISION: Final = "339901"
_STREETS: Final = ("柳浪路", "石桥弄", "杏花街", "白鹭路", "渡口巷", "荷塘路")
_YEARS: Final = range(1966, 2003)


def resident_id(number: int, *, male: bool = True) -> str:
    """Give an identity number with a right check digit; the same for the same number."""
    year = _YEARS[number * 7 % len(_YEARS)]
    month, day = number % 12 + 1, number * 5 % 28 + 1
    order = 2 * (number % 400) + (1 if male else 2)
    digits = f"{DIVISION}{year:04d}{month:02d}{day:02d}{order:03d}"
    return digits + str(ric.calc_check_digit(f"{digits}0"))


def social_credit_code(number: int) -> str:
    """Give a firm's code with a right check character."""
    digits = f"91{DIVISION}MA9{number:06d}"
    return digits + str(uscc.calc_check_digit(digits))


def mobile(number: int) -> str:
    """Give a phone number nobody has."""
    return f"1380000{number % 10_000:04d}"


def address(number: int) -> str:
    """Give a street of the made-up city."""
    return f"越海省云州市云溪区{_STREETS[number % len(_STREETS)]}{number % 90 + 1}号"
