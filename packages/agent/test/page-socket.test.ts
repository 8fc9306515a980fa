/** Which addresses the pages of a practice are opened at, and what is said of those that will not do. */
import net, { type AddressInfo } from "node:net";
import t from "tap";
import { deskPages, PageSocket } from "../src/processes/page-socket.js";

const FILES = { pageCertificate: "cert.pem", pageKey: "/etc/key.pem" };
const at = (pageAddress: string) => () => deskPages({ ...FILES, pageAddress });

t.test("pages stay on this machine unless address, certificate and key are named", (t) => {
  t.equal(deskPages({}), null);
  for (const some of [{ pageAddress: "10.1.2.3:8651" }, FILES, { pageKey: "key.pem" }])
    t.throws(() => deskPages(some), { code: "page-address-wrong", message: /go together/ });
  t.end();
});

t.test("only a private address with a port is taken, and no name", (t) => {
  const files = { certificate: `${process.cwd()}/cert.pem`, key: "/etc/key.pem" };
  t.same(at("10.1.2.3:8651")(), { host: "10.1.2.3", port: 8651, ...files });
  t.match(at("[FD00:0::2]:0")(), { host: "fd00::2", port: 0 });
  for (const address of ["172.16.0.9:1", "192.168.1.1:65535", "169.254.1.1:80", "127.0.0.1:1"])
    t.equal(`${at(address)()?.host}:${at(address)()?.port}`, address);
  for (const open of ["8.8.8.8", "0.0.0.0", "172.32.0.1", "100.64.0.1", "[::]", "[2001:db8::1]", "[fc::1]"])
    t.throws(at(`${open}:8651`), {
      code: "page-address-wrong",
      message: /not an address of a private network/,
    });
  for (const name of ["practice.local:8651", "localhost:8651", "10.1.2:8651", ":8651", ""])
    t.throws(at(name), { code: "page-address-wrong", message: /give an address and not a name/ }, name);
  for (const without of ["10.1.2.3", "10.1.2.3:99999", "[fd00::2]"])
    t.throws(at(without), { code: "page-address-wrong", message: /the port is missing.*, as in .*:8651$/ });
  t.end();
});

t.test(
  "a port that is taken, and an address of another machine, are named with what to choose",
  async (t) => {
    const other = net.createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.2", resolve));
    t.teardown(() => other.close());
    const { port } = other.address() as AddressInfo;
    await t.rejects(new PageSocket("127.0.0.2", port, "--page-address").open(), {
      code: "socket-unusable",
      message: `port ${port} on 127.0.0.2 is taken: choose another with --page-address`,
    });
    await t.rejects(new PageSocket("192.0.2.99", 8651, "--page-address").open(), {
      code: "socket-unusable",
      message: /^192\.0\.2\.99 is no address of this machine: choose another/,
    });
  },
);
