import {
	type Check,
	isBoolean,
	isNumber,
	isRecord,
	isString,
	listOf,
	oneOf,
	optional,
	shape,
	textUpTo,
} from '../../base/check';

/** A connection that a server of the playground is made for. */
export interface PlaygroundConnection {
	/** An entry of the settings without its id. Its URL names the server's present port on loopback. */
	profile: Record<string, unknown> & { name: string; protocol: string; url: string };
	/** Password of the profile's account. It exists on this server only. */
	password?: string;
	/** The first message that its panel offers to send. */
	firstMessage?: { verb: string; target: string; values: Record<string, string | number | boolean> };
}

/** A server of the playground as it is now. */
export interface PlaygroundServer {
	/** Unique in the playground, such as "mqtt". */
	id: string;
	label: string;
	/** Port on loopback, also of a server that does not run. */
	port: number;
	/** The port in the sample folder, which is used unless it is busy. */
	usualPort: number;
	state: 'open' | 'starting' | 'missing' | 'failed';
	/** Start of the present state, in milliseconds since the epoch. */
	since: number;
	/** One line: how to get a missing server, or why it failed. */
	text?: string;
	connections: PlaygroundConnection[];
	/** Further ports that the sample folder names, with those that are used in place of them. */
	replacedPorts?: { usual: number; port: number }[];
}

const isPort: Check = (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

const isSmall: Check = (value) => isRecord(value) && JSON.stringify(value).length < 2000;
const isValues: Check = (value) =>
	isSmall(value) && Object.values(value as object).every((one) => isString(one) || isNumber(one) || isBoolean(one));

const isConnection = shape({
	profile: (value) => isSmall(value) && shape({ name: textUpTo(100), protocol: textUpTo(50), url: isLocalUrl })(value),
	password: optional(textUpTo(100)),
	firstMessage: optional(shape({ verb: textUpTo(50), target: textUpTo(200), values: isValues })),
});

const isServers = listOf(
	shape({
		id: textUpTo(50),
		label: textUpTo(50),
		port: isPort,
		usualPort: isPort,
		state: oneOf('open', 'starting', 'missing', 'failed'),
		since: isNumber,
		text: optional(textUpTo(1000)),
		connections: listOf(isConnection, 10),
		replacedPorts: optional(listOf(shape({ usual: isPort, port: isPort }), 10)),
	}),
	50,
);

/** The servers that a playground reports, or undefined for anything else. Connections lead to this machine only. */
export function playgroundServers(value: unknown): PlaygroundServer[] | undefined {
	return isServers(value) && (value as unknown[]).length > 0 ? (value as PlaygroundServer[]) : undefined;
}

const loopback = /^([\w+]+):\/\/(?:127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})(?=[/?]|$)/i;

/** Scheme and port of a URL on this machine. */
export function localPort(url: unknown): { scheme: string; port: number } | undefined {
	const [, scheme = '', port = ''] = (typeof url === 'string' && loopback.exec(url.trim())) || [];
	return port === '' ? undefined : { scheme: scheme.toLowerCase(), port: Number(port) };
}

function isLocalUrl(value: unknown): boolean {
	return localPort(value) !== undefined && String(value).length <= 200;
}
