/** A charter as signed bytes: one form, read back as it was, and nothing else read at all. */
import { readFileSync } from "node:fs";
import t from "tap";
import { charterBytes, charterDigest, readCharter } from "@cairn/charters";
import { charterIn, EXAMPLES, OWN } from "./read-charters.js";

t.test("what was written is read back, byte for byte and value for value", async (t) => {
  for (const [name, text] of Object.entries(EXAMPLES)) {
    const charter = charterIn(text);
    t.same(readCharter(charterBytes(charter)), charter, name);
  }
});

t.test("a charter's digest is what it was when it was first written down", async (t) => {
  const golden = readFileSync(new URL("golden/digests.txt", import.meta.url), "utf8");
  const digests = golden
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" "));
  const found = Object.entries(EXAMPLES).map(([name, text]) => [name, charterDigest(charterIn(text))]);
  t.same(found.sort(), digests);
  t.ok(digests.every(([, digest]) => /^[0-9a-f]{64}$/.test(digest!)));
});

t.test("the bytes are canonical JSON, with keys and values as a file writes them", async (t) => {
  const text = charterBytes(charterIn(`${OWN}queries: [records-*]\n`)).toString("utf8");
  t.match(text, /^\{"asks":\["cluster-lead"\],"charter":"glen","contributors":5,/);
  t.match(text, '"keep_for":"60 months"');
  t.match(text, '"new_query":{"accept-after":"14 days"}');
  t.match(text, '"queries":["records-*"]');
});

t.test("other bytes are refused, whatever they would mean", async (t) => {
  const good = charterBytes(charterIn(OWN)).toString("utf8");
  const changed = (from: string, to: string): string => {
    t.ok(good.includes(from), from);
    return good.replace(from, to);
  };
  const refused: Readonly<Record<string, string>> = {
    "a space": `${good} `,
    "another order": changed(
      '{"asks":["cluster-lead"],"charter":"glen",',
      '{"charter":"glen","asks":["cluster-lead"],',
    ),
    "a key twice": changed('{"asks":', '{"asks":["analyst"],"asks":'),
    "a key more": changed('{"asks":', '{"also":1,"asks":'),
    "a key fewer": changed('"view":"strip",', ""),
    "one that may be absent in a file": changed('"queries":["*"],', ""),
    "a length in years": changed("60 months", "5 years"),
    "too few contribute": changed('"contributors":5', '"contributors":4'),
    "a number as text": changed('"contributors":5', '"contributors":"5"'),
    "too low a floor": changed("k8-r5", "k4-r5"),
    "a role more": changed('"analyst":"group"', '"analyst":"group","operator":"group"'),
    "a role fewer": changed('"provider":"nothing",', ""),
    "an escape": changed("To learn.", "To\\u0020learn."),
    "a control character": changed("To learn.", "To\\u001blearn."),
    "a list": "[]",
    nothing: "",
    null: "null",
  };
  for (const [what, text] of Object.entries(refused))
    t.throws(() => readCharter(Buffer.from(text)), { code: "charter-malformed", kind: "refused" }, what);
  const long = Buffer.from(good + " ".repeat(65_536));
  t.throws(() => readCharter(long), { message: /longer than 65536 bytes/ }, "it is not looked into");
  t.throws(() => readCharter(Buffer.from([0xff, 0xfe])), { code: "charter-malformed" });
});
