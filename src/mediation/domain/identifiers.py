"""Numbers that name people, firms, phones, accounts and cases: each is normalised, checked and masked here.

A validator returns the number in the form that is stored, or raises IdentifierError, which tells what to do.
"""

import re
import unicodedata
from datetime import date
from typing import Final

from stdnum.cn import ric, uscc

from mediation.domain.labels import Label

_USCC_SHAPE: Final = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")
_RESIDENT_ID_SHAPE: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
_MOBILE_SHAPE: Final = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE_SHAPE: Final = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})-?([0-9]{7,8})(?:-([0-9]{1,6}))?")
_SERVICE_SHAPE: Final = re.compile(r"([48]00)-?([0-9]{3})-?([0-9]{4})")
_HAN: Final = "\u4e00-\u9fa5"
_COURT_SHAPE: Final = re.compile(
    rf"（([0-9]{{4}})）([{_HAN}][0-9]{{0,4}})([{_HAN}]{{1,6}})([0-9]{{1,8}})号(之[一二三四五六七八九十]+)?"
)
_ARBITRATION_YEAR: Final = re.compile(r"[(\[【{〔〖]([0-9]{4})[)\]】}〕〗]")
_CASE_SHAPE: Final = re.compile(rf"([{_HAN}]{{1,12}})工调〔([0-9]{{4}})〕([0-9]{{5,9}})号")
_PROVINCES: Final = frozenset(
    {
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    }
)
_LONGEST_ARBITRATION_NUMBER: Final = 64
_COMPOUND_SURNAMES: Final = frozenset(
    {
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "司空",
        "夏侯",
        "长孙",
        "宇文",
        "端木",
        "百里",
        "南宫",
        "轩辕",
        "呼延",
        "澹台",
        "申屠",
        "公冶",
        "拓跋",
    }
)
_DISTRICT: Final = re.compile(
    r"(?:[^省区市县旗路街巷弄号]{2,8}(?:省|自治区|特别行政区))?"
    r"(?:[^省区市县旗路街巷弄号]{2,8}(?:市|自治州|地区|盟))?"
    r"(?:[^省区市县旗路街巷弄号]{1,9}(?<![小社园厂校库片])(?:自治县|新区|区|县|市|旗))?"
)


class IdentifierError(ValueError):
    """A number that cannot be right; `code` is stable, `label` tells in both languages what to do."""

    def __init__(self, code: str, label: Label) -> None:
        """Keep the stable code and the text for the reader."""
        super().__init__(f"{code}: {label.en}")
        self.code = code
        self.label = label


def resident_id(text: str, *, today: date) -> str:
    """Check an 18-digit identity number (GB 11643): form, day of birth before `today`, check digit.

    Residence permits of Hong Kong, Macao and Taiwan residents (81, 82, 83) and of foreign permanent residents (9)
    follow the same rule. The division is not looked up: abolished ones stay valid.
    """
    number = _plain(text).upper()
    if not _RESIDENT_ID_SHAPE.fullmatch(number):
        raise _error(
            "resident_id_format",
            "证件号码应为18位，前17位为数字，末位为数字或X，请核对证件",
            "An identity number has 18 characters, 17 digits and a digit or X; compare it with the card.",
        )
    try:
        born = birth_date(number)
    except ValueError:
        raise _error(
            "resident_id_birth_date",
            "证件号码第7至14位不是有效的出生日期，请核对证件",
            "Digits 7 to 14 are no day of the calendar; compare the number with the card.",
        ) from None
    if born >= today:
        raise _error(
            "resident_id_birth_date_future",
            "证件号码中的出生日期晚于今天，请核对证件",
            "The day of birth in the number is not past; compare the number with the card.",
        )
    if ric.calc_check_digit(number) != number[-1]:
        raise _error(
            "resident_id_checksum",
            "证件号码校验不通过，可能有一位输错，请逐位核对",
            "The check digit does not fit: one digit is probably wrong; compare digit by digit.",
        )
    return number


def birth_date(number: str) -> date:
    """Give the day of birth inside a checked identity number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def is_male(number: str) -> bool:
    """Tell the sex stated by a checked identity number: an odd order number is male (GB 11643)."""
    return int(number[16]) % 2 == 1


def social_credit_code(text: str) -> str:
    """Check a unified social credit code (GB 32100): alphabet, division digits, check character."""
    code = _plain(text).upper()
    if not _USCC_SHAPE.fullmatch(code):
        raise _error(
            "social_credit_code_format",
            "统一社会信用代码应为18位，不含字母I、O、S、V、Z，第3至8位为数字，请核对营业执照",
            "A unified social credit code has 18 characters without I, O, S, V, Z, digits in places 3 to 8; compare it with the licence.",
        )
    if uscc.calc_check_digit(code[:17]) != code[-1]:
        raise _error(
            "social_credit_code_checksum",
            "统一社会信用代码校验不通过，可能有一位输错，请逐位核对",
            "The check character does not fit: one character is probably wrong; compare one by one.",
        )
    return code


def mobile(text: str) -> str:
    """Check a mainland mobile number and drop the country prefix."""
    number = re.sub(r"[-\s]", "", _plain(text))
    number = re.sub(r"^(?:\+86|0086|86(?=1[3-9][0-9]{9}$))", "", number)
    if not _MOBILE_SHAPE.fullmatch(number):
        raise _error(
            "mobile_format",
            "手机号应为11位、以13至19开头；固定电话请填入固定电话栏",
            "A mobile number has 11 digits and begins with 13 to 19; enter other numbers as landline.",
        )
    return number


def landline(text: str) -> str:
    """Check a landline with its area code, or a 400 or 800 number, and write it with hyphens."""
    number = re.sub(r"\s", "", _plain(text)).replace("(", "").replace(")", "-").replace("--", "-")
    if fixed := _LANDLINE_SHAPE.fullmatch(number):
        return "-".join(part for part in fixed.groups() if part)
    if service := _SERVICE_SHAPE.fullmatch(number):
        return "-".join(service.groups())
    raise _error(
        "landline_format",
        "固定电话应带区号，如0571-88888888，分机号写在最后，如-801",
        "Write a landline with its area code, such as 0571-88888888, an extension at the end, such as -801.",
    )


def phone(text: str) -> str:
    """Check a number that may be a mobile or a landline."""
    for check in (mobile, landline):
        try:
            return check(text)
        except IdentifierError:
            continue
    raise _error(
        "phone_format",
        "请填写11位手机号，或者带区号的固定电话",
        "Enter a mobile number of 11 digits or a landline with its area code.",
    )


def bank_card(text: str) -> str:
    """Check that an account number has 16 to 19 digits; whether it passes Luhn is another question."""
    number = re.sub(r"[-\s]", "", _plain(text))
    if not re.fullmatch(r"[0-9]{16,19}", number):
        raise _error(
            "bank_card_format",
            "银行卡号应为16至19位数字，请核对银行卡",
            "A bank card number has 16 to 19 digits; compare it with the card.",
        )
    return number


def division_code(text: str) -> str:
    """Check a code of an administrative division: 6 digits county, 9 town (GB/T 10114), 12 village; abolished ones pass."""
    code = _plain(text)
    if not re.fullmatch(r"[0-9]{6}(?:[0-9]{3}){0,2}", code) or code[:2] not in _PROVINCES:
        raise _error(
            "division_code_format",
            "行政区划代码应为6位、9位或者12位数字，前两位为省级代码，如330106",
            "A division code has 6, 9 or 12 digits and begins with a province, such as 330106.",
        )
    return code


def court_case_number(text: str) -> str:
    """Check a court case number and write it with full-width brackets: （2024）浙0106民初123号."""
    plain = re.sub(r"\s", "", _plain(text))
    number = re.sub(r"^[(\[〔【]([0-9]{4})[)\]〕】]", r"（\1）", plain)
    if not _COURT_SHAPE.fullmatch(number):
        raise _error(
            "court_case_number_format",
            "法院案号格式如（2024）浙0106民初123号，请照裁判文书填写",
            "Write a court case number as （2024）浙0106民初123号, as it stands on the court's paper.",
        )
    return number


def arbitration_number(text: str) -> str:
    """Write an arbitration case number with 〔〕 around its year; styles differ by place, so any text passes."""
    number = _ARBITRATION_YEAR.sub(r"〔\1〕", re.sub(r"\s", "", _plain(text)), count=1)
    if not number or len(number) > _LONGEST_ARBITRATION_NUMBER:
        raise _error(
            "arbitration_number_format",
            "请照仲裁文书填写案号，不超过64个字",
            "Enter the number as it stands on the commission's paper, 64 characters at most.",
        )
    return number


def case_number(prefix: str, year: int, sequence: int) -> str:
    """Write a case number of this service: `<short name>工调〔YYYY〕NNNNN号`."""
    number = f"{prefix}工调〔{year:04d}〕{sequence:05d}号"
    if sequence < 1 or not _CASE_SHAPE.fullmatch(number):
        raise _case_number_error()
    return number


def written_case_number(text: str) -> str:
    """Check the form of a case number of this service, whatever brackets it was written with."""
    plain = re.sub(r"\s", "", _plain(text))
    number = re.sub(r"[(（\[【]([0-9]{4})[)）\]】]", r"〔\1〕", plain, count=1)
    if not _CASE_SHAPE.fullmatch(number):
        raise _case_number_error()
    return number


def _case_number_error() -> IdentifierError:
    return _error(
        "case_number_format",
        "案号格式如杭西工调〔2026〕00012号，机构简称为1至12个汉字",
        "A case number looks like 杭西工调〔2026〕00012号, with a short name of 1 to 12 Chinese characters.",
    )


def mask_name(name: str) -> str:
    """Hide a given name from outsiders: 张三丰 becomes 张某某, a name in letters keeps its first."""
    plain = name.strip()
    if not plain:
        return ""
    if not re.match(rf"[{_HAN}]", plain):
        return plain[0] + "***"
    keep = 2 if plain[:2] in _COMPOUND_SURNAMES and len(plain) > 2 else 1
    return plain[:keep] + "某" * min(max(len(plain) - keep, 1), 2)


def mask_resident_id(number: str) -> str:
    """Keep the first three and the last four characters of an identity number."""
    return _mask(number, 3, 4)


def mask_mobile(number: str) -> str:
    """Keep the first three and the last four digits: 138****1234."""
    return _mask(number, 3, 4)


def mask_landline(number: str) -> str:
    """Keep the area code, if it is set off, and the last two digits."""
    area, hyphen, rest = number.partition("-")
    return area + hyphen + _mask(rest, 0, 2) if hyphen else _mask(number, 0, 2)


def mask_bank_card(number: str) -> str:
    """Keep the last four digits of an account number."""
    return _mask(number, 0, 4)


def mask_address(address: str) -> str:
    """Keep an address down to the county or district and hide the rest."""
    found = _DISTRICT.match(address.strip())
    return (found[0] if found else "") + "****" if address.strip() else ""


def _mask(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden <= 0:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]


def _plain(text: str) -> str:
    """Turn full-width characters into ASCII and drop the space around, as people paste from papers."""
    return unicodedata.normalize("NFKC", text).strip()


def _error(code: str, zh: str, en: str) -> IdentifierError:
    return IdentifierError(code, Label(zh, en))
