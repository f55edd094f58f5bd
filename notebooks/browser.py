"""A headless Chromium that a test can look into, over its debugging protocol."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from websocket import create_connection


def chromium() -> str:
    """The program; skips, or fails in CI, where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "chromium is missing: run make deps"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


class Browser:
    """One page of a fresh profile. What the page writes to the console is collected."""

    def __init__(self, profile: Path):
        self.problems: list[str] = []
        self.asked: list[str] = []
        self._ids = itertools.count(1)
        self._process = subprocess.Popen(
            [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--remote-debugging-port=0", "--remote-allow-origins=*",
             f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port, path = self._address(profile / "DevToolsActivePort")
        browser = create_connection(f"ws://127.0.0.1:{port}{path}", timeout=120)
        self._socket = browser
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        browser.close()
        self._socket = create_connection(f"ws://127.0.0.1:{port}/devtools/page/{target}",
                                         timeout=120)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait()

    def open(self, page: Path) -> None:
        """Returns when the report says that it is drawn."""
        self._call("Page.navigate", url=page.resolve().as_uri())
        while self.value("document.body && document.body.dataset.ready") != "yes":
            if self.problems:
                raise AssertionError("\n".join(self.problems))
            time.sleep(0.05)

    def value(self, expression: str) -> Any:
        """Of a JavaScript expression."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def size(self, width: int, height: int, dark: bool = False, phone: bool = False) -> None:
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                   deviceScaleFactor=1, mobile=phone)
        self._call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def medium(self, name: str) -> None:
        """`print` or `screen`: which style rules count."""
        self._call("Emulation.setEmulatedMedia", media=name)

    def key(self, name: str) -> None:
        text = name if len(name) == 1 else ""
        for kind in ("keyDown", "keyUp"):
            self._call("Input.dispatchKeyEvent", type=kind, key=name, text=text)

    def drag(self, begin: tuple[float, float], end: tuple[float, float]) -> None:
        for kind, (x, y), buttons in (("mousePressed", begin, 1), ("mouseMoved", end, 1),
                                      ("mouseReleased", end, 0)):
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left",
                       buttons=buttons, clickCount=1)

    def cpu_seconds(self) -> float:
        """CPU time that all processes of the browser have used (Linux)."""
        parents, used = {}, {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:  # it has ended
                continue
            parents[int(stat.parent.name)] = int(fields[1])
            used[int(stat.parent.name)] = int(fields[11]) + int(fields[12])
        ours = {self._process.pid}
        while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
            ours |= more
        return sum(used.get(pid, 0) for pid in ours) / os.sysconf("SC_CLK_TCK")

    def screenshot(self, file: Path) -> None:
        data = self._call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        file.write_bytes(base64.b64decode(data))

    def pdf(self) -> bytes:
        return base64.b64decode(self._call("Page.printToPDF")["data"])

    def _address(self, file: Path) -> list[str]:
        while not (file.exists() and file.read_text().count("\n")):
            assert self._process.poll() is None, "chromium did not start"
            time.sleep(0.05)
        return file.read_text().split("\n")[:2]

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            self._note(message)
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    def _note(self, message: dict[str, Any]) -> None:
        method, parameters = message.get("method", ""), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(parameters["exceptionDetails"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.problems.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.asked.append(parameters["request"]["url"])
