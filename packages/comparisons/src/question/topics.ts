/** The topic that a question stands under in an overview: from what its author wrote, never from its numbers. */
import type { Query } from "@cairn/query-library";

/**
 * The topic in words: the people of the one register that it asks about ("Diabetes"), where its purpose is improvement
 * at large; else its purpose ("Medicines safety").
 */
export function topicOf({ purpose, registers }: Query): string {
  const [register, ...more] = registers;
  if (purpose === GENERAL && register && more.length === 0)
    return capital(register.title.replace(/^People with (an? )?/, ""));
  return capital(purpose);
}

const GENERAL = "quality improvement";

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export interface Topic<T> {
  readonly title: string;
  readonly questions: readonly T[];
}

/** Questions under their topics: topics by name, questions by title. */
export function byTopic<T extends { readonly query: Query }>(questions: readonly T[]): Topic<T>[] {
  const topics = new Map<string, T[]>();
  for (const one of [...questions].sort((a, b) => order(a.query.title, b.query.title))) {
    const title = topicOf(one.query);
    topics.set(title, [...(topics.get(title) ?? []), one]);
  }
  return [...topics].sort(([a], [b]) => order(a, b)).map(([title, of]) => ({ title, questions: of }));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
