import { exploreLink } from '../blocks/links.ts';
import { labelVariable, type Variable } from '../blocks/variables.ts';

/** What environment, namespace and service of the variables stand for, in PromQL and LogQL alike. */
export const CHOSEN =
  'service_name=~"$service", service_namespace=~"$namespace", deployment_environment_name=~"$environment"';

/** The same in TraceQL, where a service is enough: its name is always there. */
export const CHOSEN_SPANS = 'resource.service.name =~ "$service"';

/** Levels that Loki finds out for each line, of those that mean an error. */
export const ERROR_LEVELS = 'detected_level=~"error|critical|fatal"';

/** Environment, then namespace, then service, each offering what fits those before it. */
export function serviceVariables(): Variable[] {
  const within = (labels: string, label: string) => `label_values(target_info{${labels}}, ${label})`;
  return [
    labelVariable({
      name: 'environment',
      label: 'Environment',
      query: within('service_name!=""', 'deployment_environment_name'),
      all: '.*',
    }),
    labelVariable({
      name: 'namespace',
      label: 'Namespace',
      query: within('deployment_environment_name=~"$environment"', 'service_namespace'),
      all: '.*',
    }),
    labelVariable({
      name: 'service',
      label: 'Service',
      query: within(
        'deployment_environment_name=~"$environment", service_namespace=~"$namespace"',
        'service_name',
      ),
      all: '..*',
    }),
  ];
}

/** From a series of one service to its failed traces. */
export function failedTracesLink() {
  return exploreLink(
    'Failed traces of ${__field.labels.service_name}',
    'tempo',
    '{ resource.service.name = "${__field.labels.service_name}" && status = error }',
  );
}

/** From a series of one service to its traces, slow ones among them. */
export function slowTracesLink() {
  return exploreLink(
    'Slow traces of ${__field.labels.service_name}',
    'tempo',
    '{ resource.service.name = "${__field.labels.service_name}" && duration > ${slow} }',
  );
}

/** From a series of one service to its error lines. */
export function errorLogsLink() {
  return exploreLink(
    'Error logs of ${__field.labels.service_name}',
    'loki',
    `{service_name="\${__field.labels.service_name}"} | ${ERROR_LEVELS}`,
  );
}
