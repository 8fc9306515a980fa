/** The environment that started processes inherit. */
export const inherited: Readonly<NodeJS.ProcessEnv> = process.env;
