import { randomBytes } from 'node:crypto';
import { domainToUnicode } from 'node:url';
import { fail } from '../../base/failure';
import type { FieldValue, Values } from '../../model/profile/field';
import type { ConnectContext } from '../adapter';
import { type Address, hostForHttp } from '../shared/dial/address';
import { type TlsSettings, tlsSettings } from '../shared/tls/settings';
import { checkJid, splitJid } from './describe/jid';

/** The fields of a profile as the adapter uses them. */
export interface Settings {
	/** The part of the address before the @; empty if the client certificate alone identifies the user. */
	local: string;
	domain: string;
	resource: string;
	/** The profile sets the resource, so that another one must not be chosen. */
	fixedResource: boolean;
	password: string;
	mechanism: string;
	allowUnencrypted: boolean;
	tls: TlsSettings;
	presence?: { priority: number; show?: string; status?: string };
	/** Milliseconds; 0 for never. */
	pingEvery: number;
	/** Logs the requests that list contacts, rooms and services. */
	logBrowsing: boolean;
	origin?: string;
}

const text = (value: FieldValue | undefined) =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
const number = (value: FieldValue | undefined, usual: number) =>
	typeof value === 'number' && Number.isFinite(value) ? value : usual;

/** Throws `bad-address` before anything is opened. */
export function settingsOf(context: ConnectContext, address: Address): Settings {
	const { values } = context.profile;
	const username = text(values.username) ?? '';
	const jid = username.includes('@')
		? splitJid(username)
		: // International names are written in Unicode in an address (RFC 7622, section 3.2.2).
			{ local: username || undefined, domain: domainToUnicode(hostForHttp(address.host)) };
	const shown = jid.local === undefined ? jid.domain : `${jid.local}@${jid.domain}`;
	const wrong = checkJid(shown);
	if (wrong) throw fail('bad-address', wrong, { final: true, remedy: { text: 'Correct "Address (JID)".' } });
	const tls = tlsSettings(context.profile, context.secrets);
	const isWebSocket = address.scheme === 'ws' || address.scheme === 'wss';
	return {
		local: jid.local ?? '',
		domain: jid.domain.toLowerCase(),
		fixedResource: (text(values.resource) ?? jid.resource) !== undefined,
		resource: text(values.resource) ?? jid.resource ?? ownResource(context.memory),
		password: context.secrets.password ?? '',
		mechanism: text(values.mechanism) ?? 'auto',
		allowUnencrypted: values.allowUnencrypted === true,
		tls: {
			...tls,
			// The certificate must be for the domain, whichever host serves it (RFC 7590, section 3.4); for WebSocket, for the host.
			servername: tls.servername ?? (isWebSocket ? undefined : jid.domain),
			// XEP-0368, section 2.
			alpn: tls.alpn ?? (address.scheme === 'xmpps' ? ['xmpp-client'] : undefined),
		},
		presence: values.presence === 'none' ? undefined : presenceOf(values),
		pingEvery: number(values.pingInterval, 60) * 1000,
		logBrowsing: values.logBrowsing === true,
		origin: text(values.origin),
	};
}

function presenceOf(values: Values): Settings['presence'] {
	const show = text(values.show);
	return {
		priority: Math.round(number(values.priority, 0)),
		show: show === 'online' ? undefined : show,
		status: text(values.status),
	};
}

/** Called after a failed attempt: another client, or a lost connection of this one, may hold the resource. */
export function forgetResource(memory: Map<string, unknown>): void {
	memory.delete('xmpp.resource');
}

/**
 * A new resource for each session, so that sessions do not disconnect each other; the same across its links, so that
 * subscriptions remain valid.
 */
function ownResource(memory: Map<string, unknown>): string {
	const remembered = memory.get('xmpp.resource');
	if (typeof remembered === 'string') return remembered;
	const created = `mw-${randomBytes(6).toString('hex')}`;
	memory.set('xmpp.resource', created);
	return created;
}
