import type { FieldValue, Risky } from './field';
import type { Target } from './url';

/** Whether this value needs the user's approval if a workspace sets it. `target`: the connection's URL. */
export function isRisky({ when }: Risky, value: FieldValue, target: Target): boolean {
	if (when === 'other domain') {
		const domain = /^[^/@]*@([^/]*)/.exec(String(value).trim())?.[1];
		return domain !== undefined && domain.toLowerCase() !== target.host;
	}
	if ('above' in when) return typeof value === 'number' && value > when.above;
	if ('except' in when) return !when.except.includes(value) && !(Array.isArray(value) && value.length === 0);
	if ('names' in when)
		return (
			Array.isArray(value) &&
			value.some((pair) => Array.isArray(pair) && when.names.includes((pair[0] ?? '').trim().toLowerCase()))
		);
	if ('otherServerExcept' in when)
		return [value].flat().some((one) => !when.otherServerExcept.includes(one) && !isSameServer(String(one), target));
	return when.includes(value);
}

/** Whether an address (`host:port` or an HTTP URL) is on the connection's host, and uses TLS if the connection does. */
function isSameServer(address: string, { host, tls }: Target): boolean {
	const [, scheme, name] = /^(?:(https?):\/\/)?(\[[^\]]*\]|[^:/?#@\\]*)(?:[:/?#]|$)/i.exec(address.trim()) ?? [];
	return name?.toLowerCase() === host && !(tls && scheme?.toLowerCase() === 'http') && !address.includes('@');
}
