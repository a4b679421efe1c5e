"""Local mode only (settings.py refuses it in production): the log takes the gateway's place."""

import logging

from bookings.messages.carriers.letter import Letter

logger = logging.getLogger(__name__)


def send(letter: Letter) -> str:
    logger.info("message %s: %s", letter.key, letter.text)
    return ""
