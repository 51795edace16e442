import { get } from 'node:http';
import { isRecord } from '../../base/check';
import { localPort, type PlaygroundServer, playgroundServers } from '../../model/contracts/playground';

/** The port on which a playground answers unless it was busy. */
const usualPort = 9001;

/** Milliseconds for the answer of one port. */
const timeout = 1000;

/** Bytes. The answer has about 4 kB. */
const maxAnswer = 64 * 1024;

/** Number of ports that are asked. */
const maxPorts = 8;

/** A playground of another process on this machine. */
export interface Found {
	servers: PlaygroundServer[];
	/** Reads its present state. Undefined if it has ended. */
	again(): Promise<PlaygroundServer[] | undefined>;
}

/**
 * Finds a playground that runs on this machine, such as that of `npm start` or of another window. Asks the usual port and those
 * of the listed WebSocket connections with one HTTP request each; a server that is none answers with anything else.
 */
export async function findPlayground(urls: readonly unknown[], usual = usualPort): Promise<Found | undefined> {
	const listed = urls.flatMap((url) => {
		const found = localPort(url);
		return found?.scheme === 'ws' ? [found.port] : [];
	});
	const ports = [...new Set([...listed, usual])].slice(0, maxPorts);
	const answers = await Promise.all(
		ports.map(async (port) => {
			const servers = await askPort(port);
			return servers && { servers, again: () => askPort(port) };
		}),
	);
	return answers.find((answer) => answer !== undefined);
}

function askPort(port: number): Promise<PlaygroundServer[] | undefined> {
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

function answerOf(text: string): PlaygroundServer[] | undefined {
	try {
		const answer: unknown = JSON.parse(text);
		return isRecord(answer) ? playgroundServers(answer.playground) : undefined;
	} catch {
		return undefined;
	}
}
