"""A camera that films one picture: Chromium reads the film instead of a device."""

import io

from PIL import Image

WIDTH, HEIGHT = 640, 480


def flags(picture: bytes, film) -> list[str]:
    """Write a film of one frame, the picture in its middle: how Chromium is told to see it."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    image.thumbnail((WIDTH - 40, HEIGHT - 40))
    frame = Image.new("L", (WIDTH, HEIGHT), 128)
    frame.paste(image, ((WIDTH - image.width) // 2, (HEIGHT - image.height) // 2))
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F15:1 Ip A1:1 C420jpeg\nFRAME\n".encode()
    film.write_bytes(head + frame.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2))
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
