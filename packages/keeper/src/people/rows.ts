/** People as the keeper's database keeps them. */
import type { PracticePerson, PracticeRole } from "@cairn/access";
import type { Account } from "@cairn/sign-in/store";
import { logOrigin, type KeeperStore, type Reader } from "../store/store.js";

export interface PersonRow {
  readonly id: number;
  readonly name: string;
  readonly role: PracticeRole;
  readonly disabled: number; // 0 or 1
  readonly password: string | null;
  readonly codeKey: string | null;
}

const COLUMNS = "id, name, role, disabled_at IS NOT NULL AS disabled, password, code_key AS codeKey";

/** The form of a name under which a person is found: nobody is told from another by capitals. */
export function nameKey(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

export function rowNamed(store: Reader, name: string): PersonRow | null {
  const found = store.db.prepare<[string], PersonRow>(`SELECT ${COLUMNS} FROM person WHERE name_key = ?`);
  return found.get(nameKey(name)) ?? null;
}

export function rowOf(store: Reader, id: number): PersonRow | null {
  const found = store.db.prepare<[bigint], PersonRow>(`SELECT ${COLUMNS} FROM person WHERE id = ?`);
  return found.get(BigInt(id)) ?? null;
}

export function allRows(store: Reader): PersonRow[] {
  return store.db.prepare<[], PersonRow>(`SELECT ${COLUMNS} FROM person ORDER BY name_key`).all();
}

/** The person of a row: of the practice whose log this is. */
export function personOf({ key }: Pick<KeeperStore, "key">, { name, role }: PersonRow): PracticePerson {
  return { at: "practice", name, role, practice: logOrigin(key) };
}

export function accountOf(store: Pick<KeeperStore, "key">, row: PersonRow): Account<PracticePerson> {
  const { id, disabled, password, codeKey } = row;
  return { id, person: personOf(store, row), disabled: disabled !== 0, password, codeKey };
}
