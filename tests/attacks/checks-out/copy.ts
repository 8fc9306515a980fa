/** A copy of this checkout, as it is built, in which checks are taken out of the sources and tests run over what is left. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

export const CHECKOUT = fileURLToPath(new URL("../../../", import.meta.url));

/** A check, as a text that stands exactly once in a file of the checkout. */
export interface Check {
  readonly file: string;
  readonly text: string;
  /** What stands in its place once it is out. */
  readonly without: string;
}

/** What a test file came to. */
interface Outcome {
  readonly code: number | null;
  /** Each assertion that failed, with its name and what was found, its white space as single blanks. */
  readonly failed: readonly string[];
}

const SOURCE = /^(packages\/[^/]+)\/src\/(.*)\.ts$/;
const MODULE = /^node_modules\/([^/]+)\//;
/** Folders of which nothing is copied: `bundle` holds built sources a second time, and without it a command loads the first. */
const LEFT_OUT = new Set(["node_modules", "bundle", ".tap"]);

/** Times that the text of a check stands in its file. */
export function timesThere({ file, text }: Check): number {
  return readFileSync(join(CHECKOUT, file), "utf8").split(text).length - 1;
}

export class Copy {
  readonly #root: string;

  /**
   * Copies the checkout into a new folder. What npm installed is linked.
   * @param modules names in node_modules that are copied, so that they can be changed
   */
  constructor(folder: string, modules: ReadonlySet<string>) {
    this.#root = folder;
    const whole = { recursive: true, verbatimSymlinks: true } as const;
    const filter = (path: string): boolean => !LEFT_OUT.has(basename(path));
    for (const name of ["packages", "tests", "proto", "docs", "examples"])
      cpSync(join(CHECKOUT, name), join(folder, name), { ...whole, filter });
    cpSync(join(CHECKOUT, "dist"), join(folder, "dist"), whole);
    cpSync(join(CHECKOUT, "package.json"), join(folder, "package.json"));
    for (const room of ["", ...readdirSync(join(CHECKOUT, "packages")).map((name) => `packages/${name}`)])
      this.#installed(room, modules);
  }

  #installed(room: string, modules: ReadonlySet<string>): void {
    const [from, to] = [CHECKOUT, this.#root].map((root) => join(root, room, "node_modules")) as [
      string,
      string,
    ];
    const names = installedIn(from);
    if (names.length > 0) mkdirSync(to);
    for (const name of names)
      if (name === "@cairn" || modules.has(name))
        cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
      else symlinkSync(join(from, name), join(to, name));
  }

  /** Takes checks out of the sources and of what was built of them. @returns puts them back */
  takeOut(checks: readonly Check[]): () => void {
    const files = [...new Set(checks.map(({ file }) => file))];
    const puts = files.map((file) => {
      const before = readFileSync(join(this.#root, file), "utf8");
      const after = checks
        .filter((check) => check.file === file)
        .reduce((text, check) => text.replace(check.text, () => check.without), before);
      this.#write(file, after);
      return () => this.#write(file, before);
    });
    return () => puts.forEach((put) => put());
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#root, file), text);
    const built = file.replace(SOURCE, "$1/dist/$2.js");
    if (built === file) return;
    const { code } = transformSync(text, { loader: "ts", target: "es2022" });
    writeFileSync(join(this.#root, built), code);
  }

  /** Runs a test file, as the test runner would, without it. @param only the test in it; all of them where absent */
  async run(file: string, only?: string): Promise<Outcome> {
    const others = Object.entries(process.env).filter(
      ([name]) => !/^(TAP|CAIRN|NODE_OPTIONS|_TAPJS)/.test(name),
    );
    const env = { ...Object.fromEntries(others), ...(only && { TAP_GREP: pattern(only) }) };
    const args = ["--require=./tests/lean.cjs", "--import=./tests/as-installed.mjs", file];
    const child = spawn(process.execPath, args, {
      cwd: this.#root,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    for await (const part of child.stdout.setEncoding("utf8")) said += part;
    const code = child.exitCode ?? (await new Promise<number | null>((end) => child.once("exit", end)));
    return { code, failed: failuresIn(said) };
  }
}

/** Names in a folder of modules. */
function installedIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    return []; // nothing was installed for this package alone
  }
}

function pattern(name: string): string {
  return `/^${name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)}$/`;
}

function failuresIn(tap: string): string[] {
  const failures = [...tap.matchAll(/^( *)not ok \d+ - ([^\n]*)\n(?:\1 {2}---\n[^]*?\n\1 {2}\.\.\.\n)?/gm)];
  return failures.map(([whole]) => whole.replaceAll(/\s+/g, " "));
}

/** The modules, by their names in node_modules, that checks stand in. */
export function modulesOf(checks: readonly Check[]): ReadonlySet<string> {
  return new Set(checks.flatMap(({ file }) => MODULE.exec(file)?.[1] ?? []));
}
