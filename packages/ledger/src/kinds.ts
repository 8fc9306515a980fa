/** A kind of entry: its name, its fields with their parsers, and what entries of version 0 may lack of them. */
import type { Fact, Field } from "./fields.js";

export type Fields = Readonly<Record<string, Field<Fact>>>;

type Absent<F extends Fields> = { readonly [P in keyof F]?: Fact };

export interface Kind<N extends string = string, F extends Fields = Fields, A extends Absent<F> = Absent<F>> {
  readonly kind: N;
  readonly fields: F;
  /** The value of a field where an entry of version 0 has none. */
  readonly absent: A;
  /** The value of a field that came later, where an entry of version 1 has none. */
  readonly later: Absent<F>;
}

/**
 * @param absent fields that not every version before 1 wrote, with what their absence is read as
 * @param later the same of fields that not every entry of version 1 has: of the field's own type
 */
export function kind<
  const N extends string,
  const F extends Fields,
  const A extends Absent<F> = Readonly<Record<never, Fact>>,
>(name: N, fields: F, absent?: A, later: Absent<F> = {}): Kind<N, F, A> {
  return { kind: name, fields, absent: absent ?? ({} as A), later };
}

export type Kinds = Readonly<Record<string, Kind>>;

type FactOf<T> = T extends Field<infer V> ? V : never;

/** The fields that are written for a kind. */
export type EntryFacts<K> =
  K extends Kind<string, infer F, infer _A> ? { readonly [P in keyof F]: FactOf<F[P]> } : never;

type FieldsRead<F, A> = { readonly [P in keyof F]: FactOf<F[P]> | (P extends keyof A ? A[P] : never) };

/** An entry of a log as it is read: version 0 with the spelling of version 1. */
export type EntryOf<K> =
  K extends Kind<infer N, infer F, infer A>
    ? {
        readonly kind: N;
        readonly v: 0 | 1;
        readonly position: number;
        readonly time: string; // ISO 8601, UTC
        readonly at: number; // the same, milliseconds since 1970
        readonly body: FieldsRead<F, A>;
      }
    : never;

/** Any entry of a table of kinds. */
export type AnyEntry<T extends Kinds> = { [P in keyof T]: EntryOf<T[P]> }[keyof T];
