/** The host of a URL without brackets; the empty string if it has none. */
export function hostOf(url: string): string {
	const [, host = ''] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(url) ?? [];
	return host.replace(/^\[|\]$/g, '');
}

/** Whether the URL names this machine. */
export function isLoopback(url: string): boolean {
	const host = hostOf(url).toLowerCase();
	return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** "loopback", or the host. */
export const whereOf = (url: string): string => (isLoopback(url) ? 'loopback' : hostOf(url));
