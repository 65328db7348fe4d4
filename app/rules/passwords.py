"""What a password must be. Long rather than odd: rules about signs and capitals make people write it on paper."""

from __future__ import annotations

import re
import unicodedata

from app.errors import Problem

SHORTEST, LONGEST = 10, 200
KEYBOARD = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv",
    "abcdefghijklmnopqrstuvwxyz",
)
COMMON = frozenset(
    """
    password password1 password12 password123 password1234 passw0rd passw0rd123 p@ssw0rd p@ssw0rd123 p@ssword123
    administrator administrator1 admin12345 admin123456 adminadmin admin@1234 admin@12345 admin@123456 root123456
    welcome123 welcome1234 welcome@123 letmein1234 iloveyou123 iloveyou1314 iloveyou520 woaini1314 woaini5201314
    woaini520520 5201314520 aini1314520 a123456789 a1234567890 aa123456789 aa12345678 abc123456789 abc1234567
    abc12345678 abcd123456 abcd1234567 abcd12345678 abcde12345 abcde123456 q123456789 qq123456789 qq12345678
    qwe123456789 qwer123456 qwert12345 qwerty1234 qwerty12345 qwerty123456 qwertyuiop1 asd123456789 asdf123456
    asdfgh123456 zxc123456789 zxcvbn123456 wang123456 zhang123456 li123456789 liu123456789 chen123456 yang123456
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qaz@wsx3edc 123456789a 123456789q 123456789aa 123456789abc 1234567890a
    1234567890q 123456abcd 123456qwer 123456qwerty 12345qwert 123qweasdzxc qweasdzxc123 147258369a 1472583690
    123123123a 1231231234 112233445566 123321123321 0987654321 9876543210 8888888888a changeme123 changeme1234
    zhaoshang123 xiangmu123456 sanzhang123 sanzhang1234 sanzhang2026
    """.split()  # noqa: SIM905
)


def normalised(password: str) -> str:
    """One form for one password: an input method may send full-width letters, another machine half-width ones."""
    return unicodedata.normalize("NFKC", password)


def problems(password: str, login: str, pointer: str = "/password") -> list[Problem]:
    """Everything that is wrong with a new password, as sentences that say what to do; empty when it is good."""
    plain = normalised(password)
    found = []
    if len(plain) < SHORTEST:
        found.append(Problem(pointer, "too_short", "At least {least} characters", {"least": SHORTEST}))
    if len(plain) > LONGEST:
        found.append(Problem(pointer, "too_long", "At most {most} characters", {"most": LONGEST}))
    low, name = plain.casefold(), login.casefold()
    if name and (low == name or (len(name) >= 3 and len(low.replace(name, "")) < 5)):
        found.append(
            Problem(
                pointer,
                "like_login",
                "The password must not be made of the sign-in name",
            )
        )
    if _guessable(low):
        found.append(
            Problem(
                pointer,
                "common",
                "This password is among the first that are guessed; take three words that do not belong together",
            )
        )
    return found


def _guessable(low: str) -> bool:
    if low in COMMON or len(set(low)) < 4:
        return True
    runs = [*KEYBOARD, *(run[::-1] for run in KEYBOARD)]
    return any(low in run * 3 for run in runs) or bool(re.fullmatch(r"(.{1,4})\1+", low))
