import { test } from 'node:test';
import { filler, finds, leaves } from './testing/check-cases.ts';
import { vcsToken } from './vcs-token.ts';

test('tokens of code hosts and registries are found', () => {
  finds(vcsToken, [
    ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => `a ⟦${prefix}${filler(36)}⟧ b`),
    `https://x-access-token:⟦ghs_${filler(36)}⟧@github.com/a/b`,
    `⟦github_pat_${filler(22)}_${filler(59)}⟧`,
    `⟦glpat-${filler(20)}⟧, ⟦gldt-${filler(20)}⟧`,
    `//registry.npmjs.org/:_authToken=⟦npm_${filler(36)}⟧`,
    `⟦pypi-AgEIcHlwaS5vcmc${filler(70)}⟧`,
    `⟦rubygems_${filler(48, 'hex')}⟧`,
    `⟦dckr_pat_${filler(27)}⟧`,
    `⟦ATBB${filler(32)}⟧ ⟦ATATT3${filler(186)}=${filler(8, 'upper')}⟧`,
    `⟦sqp_${filler(40, 'hex')}⟧`,
  ]);
});

test('words that begin alike stay', () => {
  leaves(vcsToken, [
    'ghp_short',
    'npm_config_registry=https://registry.npmjs.org',
    'npm_lifecycle_event npm_package_dependencies_opentelemetry_api_version',
    'cio and ciolinux, oy2, GR1348941',
    'glpat-your-token-goes-here-please',
    `ghp_${'x'.repeat(36)}`,
  ]);
});
