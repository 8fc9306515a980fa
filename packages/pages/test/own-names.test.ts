import t from "tap";
import { isLoopback, isPrivate, LOOPBACK_NAMES, notAnswered } from "@cairn/pages/own-names";

function status(host: string | readonly string[], url = "/", port = 8080): number | null {
  const hosts = typeof host === "string" ? [host] : host;
  const rawHeaders = ["Accept", "*/*", ...hosts.flatMap((one, i) => [i === 0 ? "Host" : "hOST", one])];
  return notAnswered({ url, rawHeaders }, LOOPBACK_NAMES, port)?.status ?? null;
}

t.test("a server answers under its own names and at its own port", async (t) => {
  for (const host of ["localhost:8080", "LocalHost:8080", "127.0.0.1:8080", "[::1]:8080"])
    t.equal(status(host), null, host);
  t.equal(status("localhost", "/", 80), null, "no port is port 80");
});

t.test("any other name is another server's", async (t) => {
  const others = [
    "rebound.example:8080",
    "127.0.0.1.rebound.example:8080",
    "localhost.rebound.example:8080",
    "localhost.:8080",
    "127.1:8080",
    "2130706433:8080",
    "0.0.0.0:8080",
    "[::]:8080",
    "[::ffff:127.0.0.1]:8080",
    "hub_1:8080",
    "localhost:8081",
    "localhost",
    "127.0.0.1",
  ];
  for (const host of others) t.equal(status(host), 421, host);
});

t.test("a request that does not say once and plainly whose it is is not understood", async (t) => {
  const unclear = [
    "",
    ":8080",
    "localhost:",
    "localhost:8080:8080",
    "localhost:8080, rebound.example",
    "rebound.example@localhost:8080",
    "localhost:8080/x",
    "localhost:008080",
    "local\thost:8080",
    "::1",
  ];
  for (const host of unclear) t.equal(status(host), 400, JSON.stringify(host));
  t.equal(status([]), 400, "no name");
  t.equal(status(["localhost:8080", "localhost:8080"]), 400, "two names");
  t.equal(status(["localhost:8080", "rebound.example"]), 400);
  for (const url of ["http://rebound.example/", "http://localhost:8080/", "*", "", "rebound.example:443"])
    t.equal(status("localhost:8080", url), 400, `target ${url}`);
});

t.test("what a proxy says of a request's name is not looked at", async (t) => {
  const rawHeaders = [
    "Host",
    "rebound.example",
    "X-Forwarded-Host",
    "localhost:8080",
    "Forwarded",
    "host=localhost:8080",
  ];
  t.equal(notAnswered({ url: "/", rawHeaders }, LOOPBACK_NAMES, 8080)?.status, 421);
  const other = ["Host", "localhost:8080", "X-Forwarded-Host", "rebound.example"];
  t.equal(notAnswered({ url: "/", rawHeaders: other }, LOOPBACK_NAMES, 8080), null);
});

t.test("only addresses that no other machine reaches are this machine's own", async (t) => {
  for (const own of ["127.0.0.1", "127.8.0.9", "::1", "::ffff:127.0.0.1", "::FFFF:127.0.0.1"])
    t.ok(isLoopback(own), own);
  for (const open of [
    "0.0.0.0",
    "::",
    "10.1.2.3",
    "192.168.1.1",
    "",
    "127.0.0.1.example",
    "::ffff:10.0.0.1",
    "undefined",
  ])
    t.notOk(isLoopback(open), open);
});

t.test("addresses of private networks are told from all others", async (t) => {
  for (const own of ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.0.9", "127.0.0.1"])
    t.ok(isPrivate(own) && isPrivate(`::ffff:${own}`), own);
  for (const own of ["fd00::2", "fc12::1", "::1"]) t.ok(isPrivate(own), own);
  for (const open of [
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "192.169.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "::",
    "",
  ])
    t.notOk(isPrivate(open), open);
  for (const open of [
    "fc::1",
    "fd::1",
    "2001:db8::1",
    "fe80::1",
    "10.example",
    "10.1.2.3.example",
    "undefined",
  ])
    t.notOk(isPrivate(open), open);
});

t.test("by TLS a name without a port stands for port 443", async (t) => {
  const asked = (host: string, port: number): number | null =>
    notAnswered({ url: "/", rawHeaders: ["Host", host] }, ["10.1.2.3"], port, null, "https")?.status ?? null;
  t.same([asked("10.1.2.3", 443), asked("10.1.2.3", 80), asked("10.1.2.3:8651", 8651)], [null, 421, null]);
  const other = { url: "/", rawHeaders: ["Host", "rebound.example"] };
  t.match(notAnswered(other, ["10.1.2.3"], 8651, null, "https")?.words, "https://10.1.2.3:8651/");
});
