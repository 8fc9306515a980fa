/** The numbers with which commands end: known in one file of the command line, and for each code the same as ever. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CharterError } from "@cairn/charters";
import { CourierError } from "@cairn/courier";
import { DisclosureError, PolicyError } from "@cairn/disclosure";
import type { CairnError } from "@cairn/errors";
import { HubError } from "@cairn/hub";
import { ImportError } from "@cairn/importers";
import { KeeperError } from "@cairn/keeper";
import { ContentError } from "@cairn/query-library";
import { OptOutError, UnanswerableError } from "@cairn/records";
import { SqliteError } from "@cairn/sqlite";
import { SyntheticError } from "@cairn/synthetic";
import { UnreachableError, WireRefusal } from "@cairn/wire";
import t from "tap";
import { EXIT } from "../../packages/cli/src/exit-codes.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HOME = "packages/cli/src/exit-codes.ts";

/**
 * What gives or asks for an exit number: a member `exit` with one, Node's exit code set to one, a process ended with one, or
 * the code of one that ended compared with any but 0.
 */
const EXIT_NUMBER =
  /\.exit\b(?!\()|\bexit\??:\s*(\d|number)|\bexit = \d|exitCode\s*[=:]\s*\d|\.exit\(\s*\d|\b(code|status)\b [!=]== [1-9](?!\d)/;

/** Scripts depend on these. A code may go and another may come; none may change its number. */
const AS_EVER: readonly [
  make: (code: never) => CairnError<string>,
  byNumber: Readonly<Record<number, string>>,
][] = [
  [
    (code) => new CourierError(code, "words"),
    {
      2: "address-wrong proxy-wrong",
      3: "ca-differs fingerprint-differs wrong-practice other-hub certificate-unusable",
      4: "proxy-authentication proxy-refused proxy-unreachable hub-unreachable hub-name-unknown intercepted not-enrolled no-access settings-unreadable keeper-unreachable disk-full",
    },
  ],
  [
    (code) => new HubError(code, "words"),
    {
      1: "library-wrong backup-unsound",
      2: "exists name-wrong practice-unknown group-unknown query-unknown name-taken not-a-member list-wrong schedule-wrong schedule-unknown backup-place",
      3: "agent-there fingerprint-differs",
      4: "no-hub no-access running incomplete disk-full not-waiting no-library address-in-use",
    },
  ],
  [
    (code) => new KeeperError(code, "words"),
    {
      1: "backup-unsound",
      2: "exists nothing-waits rule-wrong name-wrong group-unsaid floor-unknown run-unknown not-released withdrawn-already not-withdrawn why-missing backup-place hub-log-settled user-wrong",
      3: "library-expired corrected-already history-lost date-too-old hub-log-forked pinned-otherwise author-mode",
      4: "no-keeper no-access store-lost key-unreadable running socket-unusable",
    },
  ],
  [
    (code) => new ImportError(code, "words"),
    {
      1: "not-this-format too-many-bad nothing-taken two-practices needs-yes older-extract",
      2: "no-registrations wrong-option",
      3: "beyond-events",
      4: "no-files unreadable",
    },
  ],
  [
    (code) => new SqliteError(code, "words"),
    {
      4: "absent lost locked corrupt full unwritable newer-version",
    },
  ],
  [
    (code) => new WireRefusal(code, "words"),
    {
      3: "join-code-unknown join-code-expired join-code-used not-enrolled bad-csr certificate-expired revoked cloned clock-skew hub-restored bad-signature library-expired library-rollback library-malformed query-unknown policy-too-weak facts-unavailable history-lost date-not-asked not-a-member not-in-charter floor-not-met opt-outs-counted date-too-old run-unknown run-not-claimed run-not-released run-conflict run-withdrawn run-quarantined paused release-malformed release-too-large checkpoint-inconsistent proof-wrong bad-request",
      4: "awaiting-admission waiting-for-witness disk-full store-unavailable internal",
    },
  ],
  [
    (code) => new UnreachableError(code, "words"),
    {
      4: "unavailable deadline cancelled broken",
    },
  ],
  [
    (code) => new CharterError(code, "words"),
    {
      3: "charter-malformed",
    },
  ],
  [
    (code) => new ContentError(code, "words"),
    {
      3: "malformed query-does-not-check",
    },
  ],
  [
    (code) => new PolicyError(code, "words"),
    {
      2: "policy-unknown policy-malformed",
      3: "policy-too-fine",
    },
  ],
  [
    (code) => new DisclosureError(code, "words"),
    {
      1: "table-inconsistent entry-unreadable",
    },
  ],
  [
    (code) => new UnanswerableError(code, "words"),
    {
      3: "facts-unavailable",
    },
  ],
  [
    (code) => new OptOutError(code, "words"),
    {
      4: "opt-outs-unreadable",
    },
  ],
  [
    (code) => new SyntheticError(code, "words"),
    {
      2: "bad-option",
    },
  ],
];

t.test("each code of an error ends a command with the number that it always had", (t) => {
  for (const [make, byNumber] of AS_EVER) {
    for (const [exit, codes] of Object.entries(byNumber)) {
      for (const code of codes.split(" ")) {
        const error = make(code as never);
        t.equal(EXIT[error.kind], Number(exit), `${error.name} ${code}`);
      }
    }
  }
  t.end();
});

t.test("no exit number stands outside of the command line's table", (t) => {
  for (const room of readdirSync(join(ROOT, "packages"))) {
    if (!existsSync(join(ROOT, "packages", room, "src"))) continue; // content alone
    for (const file of readdirSync(join(ROOT, "packages", room, "src"), {
      recursive: true,
      encoding: "utf8",
    })) {
      const path = `packages/${room}/src/${file}`;
      if (!path.endsWith(".ts") || path === HOME) continue;
      readFileSync(join(ROOT, path), "utf8")
        .split("\n")
        .forEach((line, i) => {
          if (EXIT_NUMBER.test(line)) t.fail(`${path}:${i + 1} knows an exit number: ${line.trim()}`);
        });
    }
  }
  t.end();
});
