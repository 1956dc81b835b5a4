export interface LoginPageFacts {
  /** What went wrong with the last attempt; '' for the first. */
  problem: string;
  /** The name that was typed. */
  name: string;
  /** Where to go afterwards: checked by ownPath. */
  next: string;
  /** Host of the OpenID Connect provider; null without one. */
  provider: string | null;
  /** Whether the last attempt was with the operators' token. */
  isTokenOpen: boolean;
}

/** The page to log in at. It needs no script; with one, a link with the token logs in by itself. */
export function loginPage({ isTokenOpen, name, next, problem, provider }: LoginPageFacts): string {
  const alert = problem === '' ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`;
  const hiddenNext = `<input type="hidden" name="next" value="${escapeHtml(next)}">`;
  const elsewhere =
    provider === null
      ? ''
      : `<p><a class="button" href="/login/oidc?next=${encodeURIComponent(next)}">Log in with ${escapeHtml(provider)}</a></p>
      <p class="or">or</p>`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>Log in · Signalbox</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/login.css">
    <script src="/login.js" defer></script>
  </head>
  <body>
    <main>
      <h1>Signalbox</h1>
      ${alert}
      ${elsewhere}
      <form method="post" action="/login">
        <label>Name <input name="name" value="${escapeHtml(name)}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="256"></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="1024"></label>
        ${hiddenNext}
        <button>Log in</button>
      </form>
      <details${isTokenOpen ? ' open' : ''}>
        <summary>With the operators’ token</summary>
        <form method="post" action="/login" id="token-form">
          <label>Token <input name="token" type="password" autocomplete="off" required maxlength="1024"></label>
          ${hiddenNext}
          <button>Log in with the token</button>
        </form>
        <p class="muted">Signalbox prints a link with it where it was started. It is also in the file <code>secrets/operator-token</code> of the data folder, unless it was set with <code>SIGNALBOX_TOKEN</code>. Users with names are added with <code>npm run users</code>.</p>
      </details>
    </main>
  </body>
</html>
`;
}

/** The token of a link stands behind `#`, so no server is sent it; it leaves the address before anything else is done. */
export const LOGIN_SCRIPT = `const token = new URLSearchParams(location.hash.slice(1)).get('token');
if (token) {
  history.replaceState(null, '', location.pathname + location.search);
  const form = document.getElementById('token-form');
  form.elements.namedItem('token').value = token;
  form.submit();
}
`;

export const LOGIN_STYLES = `:root {
  color-scheme: light dark;
  --text: light-dark(#1a2027, #e4e8ee);
  --muted: light-dark(#5a6572, #98a3b1);
  --border: light-dark(#c3cad4, #3c4653);
  --accent: light-dark(#2a63c9, #2f68cf);
  --focus: light-dark(#2459bd, #7aa7f5);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: 24px 16px;
  min-height: 100vh;
  display: grid;
  place-items: center;
  background: light-dark(#f6f7f9, #101317);
  color: var(--text);
  font: 15px/1.5 system-ui, sans-serif;
}
main {
  width: 100%;
  max-width: 380px;
  padding: 24px;
  background: light-dark(#ffffff, #171b21);
  border: 1px solid light-dark(#e0e4ea, #2a313b);
  border-radius: 8px;
}
h1 { margin: 0 0 16px; font-size: 20px; }
form { display: grid; gap: 12px; margin: 0; }
label { display: grid; gap: 4px; font-weight: 600; }
input {
  width: 100%;
  padding: 8px 10px;
  font: inherit;
  color: inherit;
  background: light-dark(#ffffff, #101317);
  border: 1px solid var(--border);
  border-radius: 6px;
}
button, .button {
  display: block;
  width: 100%;
  padding: 9px 12px;
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  color: #ffffff;
  background: var(--accent);
  border: 0;
  border-radius: 6px;
  cursor: pointer;
}
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
details { margin-top: 20px; }
details form { margin-top: 12px; }
summary { cursor: pointer; color: var(--muted); }
.muted, .or { color: var(--muted); font-size: 13px; }
.or { margin: 12px 0; text-align: center; }
.problem {
  margin: 0 0 16px;
  padding: 8px 10px;
  color: light-dark(#bf2a22, #ff7a70);
  background: light-dark(#fdecea, #3a1b1b);
  border-radius: 6px;
}
code { overflow-wrap: anywhere; }
`;

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
