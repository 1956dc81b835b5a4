import type { ComposeFile, Service } from './compose-file.ts';
import { type Facts, SERVICE_RULES, type ServiceRule, STRICT_RULES } from './service-rules.ts';

/**
 * Everything in a compose file that breaks a rule, as `service: rule: what is wrong`. `x-signalbox-excused`
 * excuses a service from one rule, with a reason in one line; an excuse that is not needed is a mistake too.
 */
export function findComposeMistakes(compose: ComposeFile, facts: Facts): string[] {
  const ofServices = Object.entries(compose.services).flatMap(([name, service]) =>
    serviceMistakes(service, { ...facts, name }).map((mistake) => `${name}: ${mistake}`),
  );
  return [...ofServices, ...volumeMistakes(compose), ...networkMistakes(compose)];
}

function serviceMistakes(service: Service, context: Facts & { name: string }): string[] {
  const excused = service['x-signalbox-excused'] ?? {};
  const broken = (rule: ServiceRule) => rule(service, context).filter((found) => found !== false);
  const list = ([name, rule]: [string, ServiceRule]) => broken(rule).map((message) => `${name}: ${message}`);
  return [
    ...Object.entries(STRICT_RULES).flatMap(list),
    ...Object.entries(SERVICE_RULES)
      .filter(([name]) => excused[name] === undefined)
      .flatMap(list),
    ...Object.entries(excused).flatMap(([name, reason]) => {
      const rule = SERVICE_RULES[name];
      if (rule === undefined) return [`excused: nobody can be excused from ${name}`];
      if (!/^[^\n]{10,120}$/.test(reason)) return [`excused: ${name} needs a reason in one line`];
      return broken(rule).length === 0 ? [`excused: keeps the rule ${name}, so it needs no excuse`] : [];
    }),
  ];
}

function volumeMistakes({ services, volumes = {} }: ComposeFile): string[] {
  const mounted = Object.values(services).flatMap(({ volumes: mounts = [] }) =>
    mounts.map((mount) => mount.split(':')[0] ?? '').filter((source) => /^\w/.test(source)),
  );
  const inInit = services.init?.volumes ?? [];
  return [
    ...[...new Set(mounted)]
      .filter((name) => !(name in volumes))
      .map((name) => `volumes: ${name} is not declared`),
    ...Object.keys(volumes).flatMap((name) => [
      ...(mounted.filter((other) => other === name).length < 2 ? [`volumes: nobody uses ${name}`] : []),
      ...(inInit.includes(`${name}:/stack/${name}`)
        ? []
        : [`volumes: init does not give ${name} to its user`]),
    ]),
  ];
}

function networkMistakes({ networks }: ComposeFile): string[] {
  const isClosed = networks.internal?.internal === true;
  const names = Object.keys(networks).sort().join();
  return [
    ...(isClosed ? [] : ['networks: internal is not internal']),
    ...(names === 'edge,internal' ? [] : [`networks: there are ${names}, not edge and internal`]),
  ];
}
