/** One mistake in the configuration: `path` as in `store.max_age_days` or the name of a variable. */
export interface Mistake {
  path: string;
  message: string;
}
