import tseslint from "typescript-eslint";

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "Read the environment in config.ts only, so that one file shows what a process can be told.",
};

export default tseslint.config(
  { ignores: ["**/dist/", "**/generated/", "**/node_modules/", ".tap/"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: "./tsconfig.base.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/unbound-method": "off", // our handlers and stores are objects of functions
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/require-await": "off", // handlers and tests are async by contract
      "no-restricted-syntax": ["error", environment],
    },
  },
  { files: ["**/config.ts", "**/test/**", "tests/**"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["**/test/**", "tests/**"],
    rules: {
      "@typescript-eslint/no-floating-promises": "off", // tap waits for its subtests
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  { files: ["**/*.js", "**/*.cjs", "**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);
