"""A camera that films one picture: Chromium reads the film instead of a device."""

import io

from PIL import Image, ImageEnhance, ImageFilter

from bookings.passes.qr import png

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


def clean(image):
    return image


def turned(image):
    return image.rotate(35, expand=True, fillcolor=200)


def dim_and_noisy(image):
    dim = ImageEnhance.Brightness(image.filter(ImageFilter.GaussianBlur(1))).enhance(0.35)
    noise = Image.effect_noise(dim.size, 40)
    return Image.blend(dim, noise, 0.2)


SPOILT = (clean, turned, dim_and_noisy)


def held_up(text: str, spoil) -> bytes:
    """A code as a camera sees it: a picture."""
    picture, file = Image.open(io.BytesIO(png(text))).convert("L"), io.BytesIO()
    spoil(picture.resize((420, 420))).save(file, "PNG")
    return file.getvalue()
