/**
 * Makes `bundle/` beside the command: the modules that `cairn` loads, ours and others', in some hundred files instead of a
 * thousand, which halves what each command takes before it does anything. `bin/cairn.js` starts it where it is there.
 *
 * A command still loads only what it uses: modules share a file where the very same commands need them, so that nothing
 * comes into the keeper's process that it did not load by itself. What is native, and a module's files beside it (schemas,
 * presets, pages' styles), stay in their packages, where the bundled module looks for them too.
 */
import { readFileSync, rmSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { build } from "esbuild";

/** Packages that find a compiled file beside themselves. */
const WITH_COMPILED = ["better-sqlite3", "@node-rs/argon2", "highs"];

/** Paths of modules in our packages: in `packages` of a checkout, in `node_modules/@cairn` where they are installed. */
const OURS = /[/\\](packages|@cairn)[/\\][^/\\]+[/\\](?!node_modules).*\.js$/;

/** A module of ours that asks where it is gets its own place in its package, seen from the bundle. */
const ownPlaces = (folder) => ({
  name: "own-places",
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      const text = OURS.test(path) ? readFileSync(path, "utf8") : "";
      if (!text.includes("import.meta.url")) return null;
      const place = JSON.stringify(relative(folder, path).split(sep).join("/"));
      const open = text;
      return { contents: open.replaceAll("import.meta.url", `(new URL(${place}, import.meta.url).href)`) };
    });
  },
});

/** A package of ours that is not installed here stays outside: the command says so, and loads none of it. */
const notInstalled = {
  name: "not-installed",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@cairn\// }, async ({ path, pluginData, ...from }) => {
      if (pluginData === "asked") return null;
      const { errors } = await resolve(path, { ...from, pluginData: "asked" });
      return errors.length > 0 ? { path, external: true } : null;
    });
  },
};

/** Bundles the built command. @param cli the folder of `@cairn/cli` @returns esbuild's account of each file made */
export async function bundle(cli) {
  const folder = join(cli, "bundle");
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: [join(cli, "dist/main.js")],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    absWorkingDir: cli, // names of folders above it would get into the files
    mainFields: ["module", "main"], // an import() of CommonJS would lose its names
    external: WITH_COMPILED,
    plugins: [notInstalled, ownPlaces(folder)],
    banner: {
      js: `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`,
    },
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}
