import type { LeftOut } from '../../shared/commands/literals';
import type { Sketch, SketchHeader } from '../../shared/commands/sketch';
import { acksHeader, addressOf } from './record';

/** The meaning of a property of a client, for librdkafka (kcat) and for the tools of Apache Kafka. */
export type Property =
	| { kind: 'servers' | 'username' | 'password' | 'group'; value: string }
	| { kind: 'tls'; tls: boolean }
	/** `produces`: it belongs to a record that is sent, or to reading; undefined: to either. */
	| { kind: 'header'; header: SketchHeader; produces: boolean }
	/** What a connection does by itself. */
	| { kind: 'usual' }
	| { kind: 'other' };

/** Reads `name=value`. */
export function readProperty(text: string): Property {
	const [, given = '', value = ''] = /^([^=]*)=?([\s\S]*)$/.exec(text) ?? [];
	switch (given.trim().replace(/^topic\./, '')) {
		case 'bootstrap.servers':
		case 'metadata.broker.list':
			return { kind: 'servers', value };
		case 'security.protocol': {
			const protocol = value.toUpperCase();
			return ['SSL', 'SASL_SSL', 'PLAINTEXT', 'SASL_PLAINTEXT'].includes(protocol)
				? { kind: 'tls', tls: protocol.endsWith('SSL') }
				: { kind: 'other' };
		}
		case 'sasl.username':
			return { kind: 'username', value };
		case 'sasl.password':
			return { kind: 'password', value };
		case 'sasl.mechanism':
		case 'sasl.mechanisms':
			return { kind: value.toUpperCase() === 'PLAIN' ? 'usual' : 'other' };
		case 'acks':
		case 'request.required.acks': {
			const [header] = acksHeader(value);
			return header ? { kind: 'header', header, produces: true } : { kind: 'other' };
		}
		case 'compression.codec':
		case 'compression.type':
			return { kind: 'header', header: ['Compression', value], produces: true };
		case 'isolation.level':
			return { kind: 'header', header: ['Isolation', value], produces: false };
		case 'auto.offset.reset': {
			const from = {
				earliest: 'earliest',
				smallest: 'earliest',
				beginning: 'earliest',
				latest: 'latest',
				end: 'latest',
			}[value];
			return from === undefined ? { kind: 'other' } : { kind: 'header', header: ['From', from], produces: false };
		}
		case 'group.id':
			return { kind: 'group', value };
		default:
			return { kind: 'other' };
	}
}

/** User and password of `sasl.jaas.config` (Java, LoginModule); undefined for any other property. */
export function loginOf(text: string): { username?: string; password?: string } | undefined {
	const [, config] = /^\s*sasl\.jaas\.config=([\s\S]*)$/.exec(text) ?? [];
	if (config === undefined) return undefined;
	const value = (name: string) =>
		new RegExp(`\\b${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(config)?.[1]?.replace(/\\(.)/g, '$1');
	return { username: value('username'), password: value('password') };
}

/** A property for a remark. Its value is left out if its name suggests a secret. */
export const withoutSecret = (text: string): string =>
	/^[^=]*(?:password|secret|jaas|token|\.pem|key\.(?!location|serializer|deserializer)|credential|oauthbearer|basic\.auth)[^=]*=/i.test(
		text,
	)
		? `${text.slice(0, text.indexOf('='))}=PASSWORD`
		: text;

/** How a copied client signs in, as the connection does. The user replaces PASSWORD or TOKEN. */
export type CopiedLogin = { mechanism: 'OAUTHBEARER' } | { mechanism: string; username: string };

export function copiedLogin({ username, profile }: Sketch): CopiedLogin | undefined {
	const mechanism = profile?.mechanism;
	if (mechanism === 'none') return undefined;
	if (mechanism === 'OAUTHBEARER') return { mechanism };
	if (username === undefined) return undefined;
	return { mechanism: typeof mechanism === 'string' && mechanism !== 'auto' ? mechanism : 'PLAIN', username };
}

/** What a command leaves out that has no option for a token. */
export const tokenLeft = (sketch: Sketch): LeftOut[] =>
	copiedLogin(sketch)?.mechanism === 'OAUTHBEARER' ? [['Token', 'which the command takes from elsewhere']] : [];

/** Properties of librdkafka for TLS and login. */
export function secured(sketch: Sketch): [string, string][] {
	const { tls } = addressOf(sketch);
	const login = copiedLogin(sketch);
	if (!login) return tls ? [['security.protocol', 'ssl']] : [];
	return [
		['security.protocol', tls ? 'sasl_ssl' : 'sasl_plaintext'],
		['sasl.mechanisms', login.mechanism],
		...('username' in login
			? [['sasl.username', login.username] as [string, string], ['sasl.password', 'PASSWORD'] as [string, string]]
			: []),
	];
}
