/** A hub in a temporary folder with a clock that the test sets. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { admit, initHub, invite, serveHubFolder, type HubSettings, type RunningHub } from "@cairn/hub";
import { TestAgent } from "./link/agent.js";
import { publishFolder } from "./publish-folder.js";
import { someQueries } from "./some-queries.js";

export interface Story {
  readonly folder: string;
  readonly clock: { now: number };
  serving: RunningHub;
  /** Invited, enrolled, admitted. */
  member(name: string, group?: string): Promise<TestAgent>;
  newAgent(): TestAgent;
  restart(settings?: Partial<HubSettings>): Promise<void>;
  end(): Promise<void>;
}

export const GROUP = "Glen cluster";
const QUERIES = ["bp-control", "diabetes-hba1c-58", "flu-vaccination-uptake", "hypertension-register"];

/** Two hours before the moment where its month ends in less: what a story of an hour or so tells is of one month. */
function withinOneMonth(now: number): number {
  const lasts = 2 * 3_600_000;
  return new Date(now).getUTCMonth() === new Date(now + lasts).getUTCMonth() ? now : now - lasts;
}

/**
 * @param host of the pages, as asked for
 * @param queries of the library that is published
 * @param begun when the hub is made: ms since 1970
 */
export async function story(
  settings: Partial<HubSettings> = {},
  host = "127.0.0.1",
  queries: readonly string[] = QUERIES,
  begun = withinOneMonth(Date.now()),
): Promise<Story> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-hub-"));
  const data = join(folder, "hub");
  const clock = { now: begun };
  await initHub(data, ["localhost", "127.0.0.1"], () => clock.now);
  const serve = (more: Partial<HubSettings> = {}): Promise<RunningHub> =>
    serveHubFolder({
      folder: data,
      host,
      port: 0,
      grpcHost: "127.0.0.1",
      grpcPort: 0,
      settings: { now: () => clock.now, ...settings, ...more },
      logLevel: "silent",
    });
  const agents: TestAgent[] = [];
  let library = "";
  const newAgent = (): TestAgent => {
    const agent = new TestAgent(it.serving.grpc, it.serving.hub.authority.root, library);
    agents.push(agent);
    return agent;
  };
  const it: Story = {
    folder: data,
    clock,
    serving: await serve(),
    newAgent,
    async member(name, group = GROUP) {
      const agent = newAgent();
      const code = await invite(it.serving.hub, name, [group]);
      const { fingerprint } = await agent.enrol(code);
      await admit(it.serving.hub, name, fingerprint);
      await agent.enrol(code);
      return agent;
    },
    async restart(more) {
      await it.serving.stop();
      it.serving = await serve(more);
    },
    async end() {
      for (const agent of agents) agent.close();
      await it.serving.stop();
      rmSync(folder, { recursive: true });
    },
  };
  library = (await publishFolder(it.serving.hub, someQueries(join(folder, "library"), queries))).digest;
  return it;
}
