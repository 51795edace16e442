import { get } from 'node:http';
import { isRecord } from '../../base/check';

/** Ports of a playground on loopback. */
export interface Ports {
	mqtt: number;
	ws: number;
	coap: number;
}

/** The port on which a playground answers unless it was busy. */
const usualPort = 9001;

/** Milliseconds for the answer of one port. */
const timeout = 1000;

/** Bytes. The answer has about 60. */
const maxAnswer = 1000;

/** Number of ports that are asked. */
const maxPorts = 8;

export function portsOf(value: unknown): Ports | undefined {
	const { mqtt, ws, coap } = isRecord(value) ? value : {};
	return isPort(mqtt) && isPort(ws) && isPort(coap) ? { mqtt, ws, coap } : undefined;
}

const isPort = (value: unknown): value is number =>
	Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

const loopback = /^(\w+):\/\/(?:127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})(?=\/|$)/i;

/** Scheme and port of a URL on this machine. */
export function localPort(url: unknown): { scheme: string; port: number } | undefined {
	const [, scheme = '', port = ''] = (typeof url === 'string' && loopback.exec(url.trim())) || [];
	return port === '' ? undefined : { scheme: scheme.toLowerCase(), port: Number(port) };
}

/**
 * Finds a playground that runs on this machine, such as that of `npm start` or of another window. Asks the usual port and those
 * of the listed WebSocket connections with one HTTP request each; a server that is none answers with anything else.
 */
export async function findPlayground(urls: readonly unknown[], usual = usualPort): Promise<Ports | undefined> {
	const listed = urls.flatMap((url) => {
		const found = localPort(url);
		return found?.scheme === 'ws' ? [found.port] : [];
	});
	const ports = [...new Set([...listed, usual])].slice(0, maxPorts);
	const answers = await Promise.all(ports.map(askPort));
	return answers.find((answer) => answer !== undefined);
}

function askPort(port: number): Promise<Ports | undefined> {
	return new Promise((resolve) => {
		const signal = AbortSignal.timeout(timeout);
		const nothing = () => resolve(undefined);
		const request = get({ host: '127.0.0.1', port, path: '/playground', agent: false, signal }, (response) => {
			let text = '';
			response.setEncoding('utf8').on('error', nothing);
			response.on('data', (part: string) => {
				text += part;
				if (text.length > maxAnswer) request.destroy();
			});
			response.on('end', () => resolve(response.statusCode === 200 ? answerOf(text) : undefined));
			response.on('close', nothing);
		});
		request.on('error', nothing);
	});
}

function answerOf(text: string): Ports | undefined {
	try {
		const answer: unknown = JSON.parse(text);
		return isRecord(answer) ? portsOf(answer.playground) : undefined;
	} catch {
		return undefined;
	}
}
