import { FailureError, fail } from '../../../base/failure';
import type { BrowsePage } from '../../../model/contracts/browse';
import { formatName } from '../../../model/text/content-formats';
import { readLinks } from '../../../model/text/link-format';
import { codeInWords, isSuccess } from '../describe/codes';
import { targetOptions } from '../describe/target';
import { diagnostic } from '../messages/sending';
import { type AskOptions, NoAnswerError } from '../wire/no-answer';
import { findUint, option } from '../wire/options';
import { transfer } from '../wire/transfer';
import { type Resources, resourcesOf } from './resources';

export interface BrowsingOptions extends Pick<AskOptions, 'exchange' | 'clock' | 'responseWithin'> {
	limit: number;
}

export interface Browsing {
	browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	/** From memory. */
	targets(start: string, most: number): string[];
	/** Asks the server again. Resolves with the number of resources. */
	refresh(): Promise<number>;
	stop(): void;
}

interface Listed {
	resources: Resources;
	note?: string;
	at: number;
}

/** Milliseconds for which the list is good: whoever looks at it anew is shown it anew. */
const goodFor = 2000;
const core = '/.well-known/core';
/** application/link-format (RFC 6690, 7.2). */
const linkFormat = 40;

/** What the server lists under /.well-known/core (RFC 6690, 4). */
export function createBrowsing(options: BrowsingOptions): Browsing {
	const stop = new AbortController();
	let listed: Listed | undefined;
	let asking: Promise<Listed> | undefined;

	function list(): Promise<Listed> {
		asking ??= read().finally(() => {
			asking = undefined;
		});
		return asking;
	}

	async function read(): Promise<Listed> {
		const request = {
			...{ code: 1, confirmable: true, options: targetOptions(core), payload: new Uint8Array() },
			...{ szx: 6, target: core },
		};
		const { message } = await transfer(request, { ...options, signal: stop.signal, progress() {} }).catch(explain);
		const said = codeInWords(message.code);
		if (!isSuccess(message.code))
			throw fail('no-discovery', `The server does not list its resources: ${said} to GET ${core}.`, {
				evidence: diagnostic(message),
				remedy: { text: 'Type the resource that you want.' },
			});
		const format = findUint(message.options, option.contentFormat) ?? linkFormat;
		if (format !== linkFormat)
			throw fail('no-discovery', `The server lists its resources as ${formatName(format) ?? `format ${format}`}.`, {
				remedy: { text: `Send a GET to ${core} and look at the answer.` },
			});
		const { links, problem } = readLinks(new TextDecoder().decode(message.payload));
		listed = { resources: resourcesOf(links), at: options.clock.now(), ...(problem && { note: problem }) };
		return listed;
	}

	function explain(error: unknown): never {
		if (error instanceof FailureError) throw error;
		if (error instanceof NoAnswerError)
			throw fail('no-answer', `The server did not answer GET ${core} (${error.reason.why}).`);
		throw error;
	}

	return {
		async browse(parent, offset, count) {
			const old = !listed || (parent === undefined && options.clock.now() - listed.at > goodFor);
			const { resources, note } = old || !listed ? await list() : listed;
			const nodes = resources.children(parent);
			if (!nodes) throw fail('no-node', 'The server does not list this any more.');
			const page = { total: nodes.length, nodes: nodes.slice(offset, offset + count) };
			return note && parent === undefined ? { ...page, note } : page;
		},
		targets: (start, most) =>
			(listed?.resources.targets ?? []).filter((one) => one.startsWith(start.replace(/^\//, ''))).slice(0, most),
		async refresh() {
			return (await list()).resources.count;
		},
		stop: () => stop.abort(),
	};
}
