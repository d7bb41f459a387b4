"""A process that writes the bundle of one folder into another, in ways in which a real one may come to harm.

python bundle_writer.py loop SOURCE TARGET       write version after version until killed
python bundle_writer.py hold SOURCE TARGET       stop in the middle of writing, lock in hand, until killed
python bundle_writer.py die SOURCE TARGET        for every moment of a write: a process that kills itself there
"""

import os
import signal
import sys
import time
from pathlib import Path

from meetingplaces.storage.bundle import Bundle, BundleContent, open_bundle, write_bundle

CODE = "GM9999"


def content_of(bundle: Bundle, version: int) -> BundleContent:
    """What is in `bundle`, made different by the version in the attribution and the number of places."""
    manifest = bundle.manifest
    return BundleContent(
        places=bundle.places().iloc[version % 3 :].reset_index(drop=True),
        neighbourhoods=bundle.neighbourhoods(),
        supply=bundle.supply(),
        drawings={name: bundle.drawing_path(name).read_text("utf-8") for name in manifest.drawings},
        attribution=f"version {version}",
        walking=bundle.walking(),
    )


def facts_of(bundle: Bundle) -> dict[str, object]:
    return bundle.manifest.model_dump(exclude={"tables", "drawings", "attribution"})


def write(source: Bundle, target: Path, version: int) -> Bundle:
    return write_bundle(target, facts_of(source), content_of(source, version))


def tell(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def at_replace(number: int, *, after: bool, harm) -> None:
    """Do `harm` before or after the file that is put in place as number `number`."""
    real, calls = os.replace, iter(range(1000))

    def replace(*arguments, **options):
        due = next(calls) == number
        if due and not after:
            harm()
        real(*arguments, **options)
        if due and after:
            harm()

    os.replace = replace


def main(mode: str, source: Path, target: Path) -> None:
    bundle = open_bundle(source, CODE)
    if mode == "loop":
        for version in range(1, 10_000):
            write(bundle, target, version)
            tell(version)
            time.sleep(0.05)
    if mode == "hold":
        at_replace(2, after=True, harm=lambda: (tell("writing"), time.sleep(600)))
        write(bundle, target, 1)
    if mode == "die":
        for number in range(100):
            for after in (False, True):
                child = os.fork()
                if child == 0:
                    at_replace(number, after=after, harm=lambda: os.kill(os.getpid(), signal.SIGKILL))
                    write(bundle, target, 1000 + 2 * number + after)
                    os._exit(0)
                _, status = os.waitpid(child, 0)
                tell("killed" if os.WIFSIGNALED(status) else "finished")
                sys.stdin.readline()  # the test looks at what is left before the next one
                if not os.WIFSIGNALED(status):
                    return


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
