const TITLES: Readonly<Record<string, string>> = {
  login: 'Log in',
  logout: 'Log out',
  'logout everywhere': 'Log out everywhere',
  'change own password': 'Change own password',
  'POST /api/v1/keys': 'Make a key',
  'PATCH /api/v1/keys/:id': 'Change a key',
  'POST /api/v1/keys/:id/rotate': 'Rotate a key',
  'POST /api/v1/keys/:id/revoke': 'Revoke a key',
  'POST /api/v1/people': 'Add a user',
  'PATCH /api/v1/people/:name': 'Change a user',
  'DELETE /api/v1/people/:name': 'Remove a user',
  'DELETE /api/v1/people/:name/sessions': 'Log a user out',
  'POST /api/v1/tokens': 'Make an API token',
  'DELETE /api/v1/tokens/:id': 'Revoke an API token',
};

/** An action of the audit record in words; null when its own name has to do. */
export function actionTitle(action: string): string | null {
  return Object.hasOwn(TITLES, action) ? TITLES[action]! : null;
}
