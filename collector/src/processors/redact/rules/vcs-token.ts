import { ALNUM, BASE64_EXTRA, DIGIT, HEX, LOWER, URL64, WORD } from './bytes.ts';
import { createTokenRule } from './token-matcher.ts';

const GITHUB = ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'];
const GITLAB = ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glft-', 'glimt-', 'glptt-', 'glagent-', 'gloas-'];
const GITLAB_RARE = ['glsoat-', 'glffct-', 'glwt-', 'GR1348941'];

/** Tokens of code hosts and package registries. */
export const vcsToken = createTokenRule({
  name: 'vcs-token',
  title: 'Tokens of code hosts and package registries (GitHub, GitLab, npm, PyPI, Docker, ...)',
  prefixed: [
    ...GITHUB.map((prefix) => ({ prefix, alphabet: WORD, min: 36 })),
    { prefix: 'github_pat_', alphabet: WORD, min: 22 },
    ...[...GITLAB, ...GITLAB_RARE].map((prefix) => ({ prefix, alphabet: URL64, min: 20 })),
    { prefix: 'ATBB', alphabet: ALNUM, min: 32, max: 32 },
    ...['ATATT3', 'ATCTT3'].map((prefix) => ({ prefix, alphabet: URL64 | BASE64_EXTRA, min: 60 })),
    { prefix: 'npm_', alphabet: ALNUM, min: 36, max: 36 },
    { prefix: 'pypi-AgE', alphabet: URL64, min: 50 },
    { prefix: 'rubygems_', alphabet: HEX, min: 48, max: 48 },
    { prefix: 'dckr_pat_', alphabet: URL64, min: 27, max: 40 },
    { prefix: 'dckr_oat_', alphabet: URL64, min: 27, max: 64 },
    { prefix: 'oy2', alphabet: LOWER | DIGIT, min: 43, max: 43 },
    { prefix: 'cio', alphabet: ALNUM, min: 32, max: 32 },
    { prefix: 'CLOJARS_', alphabet: ALNUM, min: 60, max: 60 },
    { prefix: 'AKCp', alphabet: ALNUM, min: 60, max: 80 },
    { prefix: 'sgp_', alphabet: WORD, min: 40, max: 80, shape: /^(?:[\da-f]{16}_|local_)?[\da-f]{40}$/ },
    ...['squ_', 'sqp_', 'sqa_'].map((prefix) => ({ prefix, alphabet: HEX, min: 40, max: 40 })),
    { prefix: 'CCIPAT_', alphabet: WORD, min: 40 },
    { prefix: 'bkua_', alphabet: HEX, min: 40, max: 40 },
  ],
});
