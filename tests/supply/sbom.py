"""Writes `docs/sbom.cdx.json`: what pressmark is made and tested with, by CycloneDX 1.6. `make sbom` runs it.

The same lock gives the same bytes: the serial number is of the lock's digest, and there is no time in it.
"""

import hashlib
import json
import sys
import tomllib
import uuid
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from supply_lock import LOCK, Pinned, pinned, shipped  # noqa: E402 - after the path

SBOM = ROOT / "docs" / "sbom.cdx.json"


def main() -> None:
    """Write it, once it keeps the schema of CycloneDX."""
    packages = pinned()
    licences = tomllib.loads((ROOT / "tests" / "supply" / "licenses.toml").read_text(encoding="utf-8"))["packages"]
    with_us = shipped(packages)
    names: dict[str, list[Component]] = {each.name: [] for each in packages}
    for each in packages:
        names[each.name].append(_component(each, licences[each.name], is_shipped=each.name in with_us))
    own = Component(name="pressmark", type=ComponentType.APPLICATION, bom_ref="pressmark")
    everything = [component for found in names.values() for component in found]
    bom = Bom(
        components=everything, serial_number=uuid.UUID(hashlib.sha256(LOCK.read_bytes()).hexdigest()[:32], version=4)
    )
    bom.metadata.component = own
    bom.register_dependency(
        own, [c for p in packages if _is_direct(p) for c in names[p.name] if c.version == p.version]
    )
    for each in packages:
        for component in names[each.name]:
            bom.register_dependency(component, [c for p in packages if each.name in p.needed_by for c in names[p.name]])
    told = json.loads(JsonV1Dot6(bom).output_as_string())
    # The only thing in it that would differ from one run to the next.
    del told["metadata"]["timestamp"]
    text = json.dumps(told, indent=1, sort_keys=True) + "\n"
    if (fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)) is not None:
        sys.exit(f"it does not keep the schema: {fault}")
    SBOM.write_text(text, encoding="utf-8")


def _is_direct(package: Pinned) -> bool:
    return any(each.startswith("pressmark (") for each in package.needed_by)


def _component(package: Pinned, licence: str, *, is_shipped: bool) -> Component:
    """Return a package. Its digests are properties, for it has a file for each kind of machine; those of what only
    tests need are in the lock alone."""
    said = [Property(name="pressmark:artefact-sha256", value=digest) for digest in package.digests if is_shipped]
    said += [Property(name="pressmark:only-where", value=package.marker)] if package.marker else []
    return Component(
        name=package.name,
        version=package.version,
        bom_ref=f"{package.name}@{package.version}",
        purl=PackageURL("pypi", name=package.name, version=package.version),
        licenses=[] if licence == "UNKNOWN" else [LicenseFactory().make_from_string(licence)],
        scope=ComponentScope.REQUIRED if is_shipped else ComponentScope.EXCLUDED,
        properties=said,
    )


if __name__ == "__main__":
    main()
