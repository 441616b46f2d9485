"""Takes the README's pictures from the site as shipped, on its opening data."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium, server

FOLDER = Path(__file__).parent
SHOTS = (
    # name, address, width, height, color scheme
    ("home-ko", "/", 1280, 900, "light"),
    ("companies-ko", "/companies/?district=gangnam&relevance=core", 1280, 900, "light"),
    ("compare-en-dark", "/en/compare/?d=pangyo&d=gangnam&d=magok", 1280, 900, "dark"),
    ("district-ko-phone", "/districts/pangyo/", 390, 844, "light"),
)


def main() -> None:
    executable = chromium.find()
    if executable is None:
        raise SystemExit("No Chromium was found. Install one, or name it in CHROMIUM.")
    with server.running() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.ARGUMENTS))
        for name, path, width, height, scheme in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(address + path)
            page.screenshot(path=FOLDER / f"{name}.png")
            print(f"tests/screenshots/{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
