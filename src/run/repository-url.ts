/** `git@github.com:acme/orders.git`, as `scp` writes addresses. A single letter would be a Windows drive. */
const SCP_ADDRESS = /^(?:[^@/]+@)?([\w.-]{2,}):(?!\/\/)(.+)$/;

/** Returns the URL of the page of the repository whose remotes `git config --get-regexp` lists; null if no remote has one. */
export function repositoryUrl(remotes: string | null): string | null {
  const addresses = (remotes ?? '').split('\n').flatMap((line) => {
    const at = line.indexOf(' ');
    return at === -1 ? [] : [{ name: line.slice(0, at), address: line.slice(at + 1) }];
  });
  const chosen = addresses.find(({ name }) => name === 'remote.origin.url') ?? addresses[0];
  return chosen ? pageOf(chosen.address) : null;
}

/** Returns the page of a remote's address, without credentials, port of ssh and query; null for a local path. */
function pageOf(address: string): string | null {
  const url = parsed(address);
  if (url === null || !['http:', 'https:', 'ssh:', 'git:'].includes(url.protocol)) return null;
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  const path = url.pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  if (path === '' || url.hostname === '') return null;
  return `${isWeb ? url.protocol : 'https:'}//${isWeb ? url.host : url.hostname}${path}`;
}

function parsed(address: string): URL | null {
  const [, host, path] = SCP_ADDRESS.exec(address) ?? [];
  const text = host !== undefined && !address.includes('://') ? `ssh://${host}/${path!}` : address;
  return URL.canParse(text) ? new URL(text) : null;
}

/** Returns the URL to which the path of a file is added, for hosts whose pages are known; null for others. */
export function filesUrlOf(url: string | null, commit: string | null): string | null {
  if (url === null || commit === null) return null;
  const { hostname } = new URL(url);
  if (hostname.includes('github')) return `${url}/blob/${commit}`;
  if (hostname.includes('gitlab')) return `${url}/-/blob/${commit}`;
  return null;
}
