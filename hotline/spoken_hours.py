"""Says a place's hours in the reviewed words of one language (V10)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hotline.hours import Door, Hours


def say_hours(hours: Hours, now: datetime, words: Mapping[str, Any]) -> str:
    """Today's hours in the words of one language (``open until 7 pm``); empty if nobody knows them (D5)."""
    door = hours.door(now)
    if door is Door.UNKNOWN:
        return ""
    if hours.always:
        return str(words["always"])
    if door is Door.OPEN:
        closing = hours.find_closing(now)
        return (
            str(words["open_until"]).format(time=_say_time(hours.local(closing), words))
            if closing
            else str(words["open"])
        )
    opening = hours.find_opening(now)
    if opening is None:
        return str(words["closed"])
    local, today = hours.local(opening), hours.local(now)
    ahead = (local.date() - today.date()).days
    pattern = ("opens_today", "opens_tomorrow")[ahead] if ahead <= 1 else "opens_on"
    return str(words[pattern]).format(time=_say_time(local, words), day=words["days"][local.weekday()])


def _say_time(local: datetime, words: Mapping[str, Any]) -> str:
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return str(words["midnight" if local.hour == 0 else "noon"])
    minute = f":{local.minute:02}" if local.minute else ""
    clock = f"{local.hour % 12 or 12}{minute} {'am' if local.hour < 12 else 'pm'}"
    return str(words["at_one" if local.hour % 12 == 1 else "at"]).format(clock=clock)
