/** Decrypts files of an extract by the practice's own command, from stream to stream: nothing in clear reaches a disk. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { ImportError } from "./errors.js";
import { ENCRYPTED, type SourceFile } from "./source-file.js";

/** A program and its arguments, as `splitCommand` makes them. */
export type Command = readonly [string, ...string[]];

/** Splits a command at its blanks. No shell reads it: quotes, variables and pipes mean nothing. @throws ImportError */
export function splitCommand(text: string): Command {
  const [program, ...rest] = text.split(/\s+/).filter((word) => word !== "");
  if (program === undefined)
    throw new ImportError("wrong-option", "--decrypt names no command; write for example 'gpg --decrypt'");
  return [program, ...rest];
}

/** Whether the file, in a folder or in a .zip, is encrypted, by its name. */
export function isEncrypted({ shown }: SourceFile): boolean {
  return ENCRYPTED.test(shown);
}

/** Checks that encrypted files can be read. @throws ImportError that says what to do */
export function requireReadable(files: readonly SourceFile[], decrypt: Command | null): void {
  const encrypted = files.filter(isEncrypted);
  const [first] = encrypted;
  if (first === undefined) return;
  const others = encrypted.length === 1 ? "" : ` (and ${encrypted.length - 1} more)`;
  if (decrypt === null)
    throw new ImportError(
      "encrypted",
      `${first.shown}${others}: is encrypted; say what decrypts it, --decrypt 'gpg --decrypt', with the key in the keyring of the user who runs this; nothing in clear is written to the disk`,
    );
  const zip = encrypted.find(({ name }) => name.endsWith(".zip"));
  if (zip !== undefined)
    throw new ImportError(
      "encrypted",
      `${zip.shown}: is an encrypted .zip, whose list of files is at its end, so it cannot be read as it is decrypted; ask for its tables encrypted one by one`,
    );
}

/** The bytes of an encrypted file in clear. The stream fails where the command does, at its end too. */
export async function* decrypted(
  source: Readable,
  command: Command,
  file: SourceFile,
): AsyncGenerator<Buffer> {
  const [program] = command;
  const [started, ...args] = withoutLeave(command);
  const child = spawn(started, args, { stdio: ["pipe", "pipe", "ignore"] });
  const ended = once(child, "close") as Promise<[number | null]>;
  ended.catch(() => undefined); // said below, once the stream has ended
  let unread: Error | null = null;
  source.on("error", (error) => {
    unread = error;
    child.kill();
  });
  child.stdin.on("error", () => undefined); // it ended early, and its status says so
  source.pipe(child.stdin);
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const [status] = await ended;
    if (unread !== null) throw unread as Error;
    if (status === NOT_FOUND && started !== program) throw notThere(file, program);
    if (status !== 0) throw failed(file, program, status);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall?.startsWith("spawn") !== true) throw cause;
    throw notThere(file, program, cause);
  } finally {
    source.destroy();
    child.kill();
  }
}

/** Exit code of setpriv and env where there is no such program. */
const NOT_FOUND = 127;

/** All that such a program is told beside its home: root's surroundings hold what is root's. */
const SURROUNDINGS = ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"];

/**
 * The command as the user alone, and at home in the user's own folder: where root's command goes on as this user, it may
 * read whatever root may, and somebody else's program would be given that, too.
 */
function withoutLeave(command: Command): Command {
  if (!mayReadAll()) return command;
  const home = homeOfUser();
  const atHome = ["env", "-i", ...SURROUNDINGS, ...(home === null ? [] : [`HOME=${home}`])];
  const alone: Command = ["setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs", "--"];
  return [...alone, ...atHome, ...command];
}

/** Whether a program that this one starts is given more than its user has: capabilities(7), "ambient". */
function mayReadAll(): boolean {
  try {
    return /^CapAmb:\t0*[1-9a-f]/m.test(readFileSync("/proc/self/status", "utf8"));
  } catch {
    return false; // not Linux
  }
}

function homeOfUser(): string | null {
  try {
    return userInfo().homedir;
  } catch {
    return null; // a user without an account
  }
}

function notThere(file: SourceFile, program: string, cause?: unknown): ImportError {
  return new ImportError(
    "encrypted",
    `${file.shown}: there is no program ${program} that this user can start; install it, or name another with --decrypt`,
    { cause },
  );
}

/** Not a word of what the command printed is repeated: it names people. */
function failed(file: SourceFile, program: string, status: number | null): ImportError {
  const how = status === null ? "was stopped" : `ended with ${status}`;
  return new ImportError(
    "encrypted",
    `${file.shown}: ${program} ${how}, so nothing was kept; run it on the file as the same user to see why (no key, or a file that was cut or changed)`,
  );
}
