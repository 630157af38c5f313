import tseslint from 'typescript-eslint';

// Which room may import which: a room knows only rooms below it (docs/architecture.md).
const ROOMS_BELOW = {
  base: [],
  protocol: ['base'],
  zookeeper: ['base'],
  server: ['base', 'protocol'],
  meta: ['base', 'protocol', 'zookeeper', 'server'],
  replica: ['base', 'protocol', 'server'],
  'zookeeper-embedded': ['base'],
  collector: ['base', 'protocol', 'server'],
  cluster: ['base', 'protocol', 'zookeeper', 'server'],
  cli: ['base', 'protocol', 'cluster'],
  dashboard: ['base', 'protocol', 'server', 'cluster'],
};

const roomRules = Object.entries(ROOMS_BELOW).map(([room, below]) => ({
  files: [`packages/${room}/src/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^@onebox/(?!(${[...below, '$none'].join('|')})$)`,
            message: `packages/${room} may only import from: ${below.join(', ') || 'nothing'}.`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', 'node_modules/**', '**/node_modules/**'] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './packages/dashboard/src/page/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  ...roomRules,
);
