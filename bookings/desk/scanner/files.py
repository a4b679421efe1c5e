"""The files of the scan page, which its service worker keeps on the device."""

import hashlib

from django.templatetags.static import static

MODULES = ("main", "camera", "desk", "feedback", "house", "server", "store", "token", "verdict")
FILES = [
    "core/tokens.css",
    "core/base.css",
    "core/components.css",
    "core/brand/icon.svg",
    "desk/scanner/scanner.css",
    "npm/barcode-detector.js",
    "npm/zxing_reader.wasm",
    "npm/ed25519.js",
    "npm/idb.js",
    *(f"desk/scanner/{name}.js" for name in (*MODULES, "view", "wedge")),
]


def addresses() -> list[str]:
    """Where each is served; with a hash of its content in production."""
    return [static(name) for name in FILES]


def version(addresses: list[str]) -> str:
    """Another one when any file has changed."""
    return hashlib.sha256("\n".join(addresses).encode()).hexdigest()[:12]
